import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PubSub, type Message } from '@google-cloud/pubsub';
import { expect } from 'chai';
import { runCommand } from '../support/commands.ts';
import { emulators } from '../support/emulators.ts';

describe('npm run resume', function () {
  this.timeout(60_000);
  let env: Record<string, string>;
  let project: string;

  beforeEach(async () => {
    ({ env } = await emulators());
    project = `demo-${randomUUID()}`;
  });

  const resume = () => runCommand('operations/resume.ts', ['--project', project], env);

  it('publishes the same message as Cloud Scheduler', async () => {
    const pubsub = new PubSub({
      projectId: project,
      apiEndpoint: env['PUBSUB_EMULATOR_HOST'] ?? '',
      emulatorMode: true,
    });
    const [topic] = await pubsub.createTopic('resume-emails');
    const [subscription] = await topic.createSubscription('test');
    const arrival = once(subscription, 'message') as Promise<[Message]>;
    const { exitCode, stdout } = await resume();
    const [message] = await arrival;
    message.ack();
    await subscription.close();
    await pubsub.close();
    expect(exitCode).to.equal(0);
    expect(stdout).to.include(
      `Message ${message.id} was published to the topic resume-emails of project ${project}`,
    );
  });

  it('says what is missing where the functions are not deployed', async () => {
    const { exitCode, stderr } = await resume();
    expect(exitCode).to.equal(1);
    expect(stderr).to.include('There is no topic resume-emails there').and.include('npm start');
  });
});
