import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PubSub, type Message } from '@google-cloud/pubsub';
import { expect } from 'chai';
import { emulators } from '../support/emulators.ts';

describe('npm run resume', function () {
  this.timeout(60_000);
  let env: Record<string, string>;
  let project: string;

  beforeEach(async () => {
    ({ env } = await emulators());
    project = `demo-${randomUUID()}`;
  });

  function resume(): Promise<{ failed: boolean; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      const options = { env: { PATH: process.env['PATH'], ...env } };
      execFile(
        process.execPath,
        ['operations/resume.ts', '--project', project],
        options,
        (error, stdout, stderr) => {
          resolve({ failed: error !== null, stdout, stderr });
        },
      );
    });
  }

  it('publishes what Cloud Scheduler would', async () => {
    const pubsub = new PubSub({
      projectId: project,
      apiEndpoint: env['PUBSUB_EMULATOR_HOST'] ?? '',
      emulatorMode: true,
    });
    const [topic] = await pubsub.createTopic('resume-emails');
    const [subscription] = await topic.createSubscription('of-the-test');
    const arrival = once(subscription, 'message') as Promise<[Message]>;
    const { failed, stdout } = await resume();
    const [message] = await arrival;
    message.ack();
    await subscription.close();
    await pubsub.close();
    expect(failed).to.equal(false);
    expect(stdout).to.include(
      `Message ${message.id} was published to the topic resume-emails of project ${project}`,
    );
  });

  it('says what is missing where the functions are not', async () => {
    const { failed, stderr } = await resume();
    expect(failed).to.equal(true);
    expect(stderr).to.include('There is no topic resume-emails there').and.include('npm start');
  });
});
