import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Schedule } from '../../functions/subscriptions.ts';
import type { Topics } from './topics.ts';

export interface SchedulesArgs {
  readonly project: string;
  readonly region: string;
  readonly schedules: readonly Schedule[];
  readonly topics: Topics;
}

/**
 * The jobs of Cloud Scheduler, which publish to topics. Its service agent may publish to every topic of the project
 * (https://docs.cloud.google.com/scheduler/docs/access-control).
 */
export class Schedules extends pulumi.ComponentResource {
  constructor(args: SchedulesArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Schedules', 'schedules', {}, options);
    for (const { topic, cron } of args.schedules) {
      new gcp.cloudscheduler.Job(
        topic,
        {
          project: args.project,
          region: args.region,
          name: topic,
          schedule: cron,
          timeZone: 'Etc/UTC',
          // The topic is projects/P/topics/T. The message is base64 and must not be empty
          // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloud_scheduler_job).
          pubsubTarget: {
            topicName: args.topics.named(topic).id,
            data: Buffer.from('{}').toString('base64'),
          },
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
