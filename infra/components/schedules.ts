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
 * What Cloud Scheduler publishes, and when. It may publish to any topic of the project
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
          // The topic as projects/P/topics/T; the message must not be empty, and is base64
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
