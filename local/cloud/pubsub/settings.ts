/** The settings of a subscription, in the form of `google.pubsub.v1.Subscription`. */
import { GrpcError, invalid, unimplemented } from '../grpc-error.ts';
import { checkName } from './names.ts';

export interface Duration {
  readonly seconds: number;
  readonly nanos: number;
}

export interface PushConfig {
  /** Empty for a subscription that is pulled. */
  readonly pushEndpoint: string;
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience: string } | null;
  readonly noWrapper?: unknown;
}

interface RetryPolicy {
  readonly minimumBackoff: Duration;
  readonly maximumBackoff: Duration;
}

interface DeadLetterPolicy {
  readonly deadLetterTopic: string;
  readonly maxDeliveryAttempts: number;
}

export interface SubscriptionSettings {
  readonly name: string;
  readonly topic: string;
  readonly pushConfig: PushConfig;
  readonly ackDeadlineSeconds: number;
  readonly messageRetentionDuration: Duration;
  /** Without it a message of a pull subscription is delivered again at once. */
  readonly retryPolicy: RetryPolicy | null;
  readonly deadLetterPolicy: DeadLetterPolicy | null;
}

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | null };

/** Settings as a client requests them: a field that is absent, null, or zero gets its default. */
export type RequestedSettings = Optional<Omit<SubscriptionSettings, 'name' | 'topic' | 'retryPolicy'>> &
  Pick<SubscriptionSettings, 'name' | 'topic'> & { readonly retryPolicy?: Optional<RetryPolicy> | null };

/** Fields of a subscription that would change how it delivers and are not implemented. */
const unimplementedFields = [
  'filter',
  'enableMessageOrdering',
  'enableExactlyOnceDelivery',
  'retainAckedMessages',
  'bigqueryConfig',
  'bigtableConfig',
  'cloudStorageConfig',
  'messageTransforms',
];

/** Bounds and defaults, in seconds. */
const ACK_DEADLINE = { field: 'ack_deadline_seconds', shortest: 10, longest: 600, usual: 10 };
const DAY = 24 * 60 * 60;
const RETENTION = {
  field: 'message_retention_duration',
  shortest: 10 * 60,
  longest: 31 * DAY,
  usual: 7 * DAY,
};
const MINIMUM_BACKOFF = { field: 'minimum_backoff', shortest: 0, longest: 600, usual: 10 };
const MAXIMUM_BACKOFF = { field: 'maximum_backoff', shortest: 0, longest: 600, usual: 600 };
const ATTEMPTS = { fewest: 5, most: 100, usual: 5 };

export function toMillis({ seconds, nanos }: Duration): number {
  return seconds * 1_000 + nanos / 1_000_000;
}

/**
 * The settings with their defaults. Does not check whether the topics exist.
 * @throws GrpcError when Pub/Sub would refuse them, or when they use a feature that is not implemented.
 */
export function checkedSettings(requested: RequestedSettings): SubscriptionSettings {
  checkImplemented(requested);
  const { name, topic, pushConfig, retryPolicy, deadLetterPolicy } = requested;
  checkName('subscriptions', name);
  const ackDeadline = requested.ackDeadlineSeconds
    ? { seconds: requested.ackDeadlineSeconds, nanos: 0 }
    : undefined;
  return {
    name,
    topic,
    pushConfig: checkedPushConfig(pushConfig),
    ackDeadlineSeconds: checkedDuration(ackDeadline, ACK_DEADLINE).seconds,
    messageRetentionDuration: checkedDuration(requested.messageRetentionDuration, RETENTION),
    retryPolicy: retryPolicy ? checkedRetryPolicy(retryPolicy) : null,
    deadLetterPolicy: deadLetterPolicy ? checkedDeadLetterPolicy(deadLetterPolicy) : null,
  };
}

function checkImplemented(requested: RequestedSettings): void {
  const fields = new Map<string, unknown>(Object.entries(requested));
  const isSet = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
  const field = unimplementedFields.find((name) => isSet(fields.get(name)));
  if (field === undefined) return;
  throw unimplemented(`Subscription.${field}`);
}

/** @throws GrpcError when the endpoint is not an HTTP URL. */
function checkedPushConfig(pushConfig: PushConfig | null | undefined): PushConfig {
  const { pushEndpoint = '', oidcToken = null, noWrapper } = pushConfig ?? {};
  if (noWrapper) throw unimplemented('PushConfig.noWrapper');
  if (pushEndpoint !== '' && !/^https?:$/u.test(URL.parse(pushEndpoint)?.protocol ?? '')) {
    throw invalid('Unsupported push_endpoint');
  }
  return { pushEndpoint, oidcToken };
}

function checkedRetryPolicy({ minimumBackoff, maximumBackoff }: Optional<RetryPolicy>): RetryPolicy {
  const shortest = checkedDuration(minimumBackoff, MINIMUM_BACKOFF);
  const longest = checkedDuration(maximumBackoff, MAXIMUM_BACKOFF);
  if (toMillis(longest) < toMillis(shortest)) throw invalid('maximum_backoff is below minimum_backoff.');
  return { minimumBackoff: shortest, maximumBackoff: longest };
}

function checkedDuration(
  duration: Duration | null | undefined,
  { field, shortest, longest, usual }: typeof RETENTION,
): Duration {
  if (!duration) return { seconds: usual, nanos: 0 };
  const seconds = toMillis(duration) / 1_000;
  if (seconds < shortest || seconds > longest) {
    throw invalid(
      `The value for ${field} is out of bounds. You passed ${seconds}s in the request, but the value must be ` +
        `between ${shortest}s and ${longest}s.`,
    );
  }
  return duration;
}

function checkedDeadLetterPolicy({
  deadLetterTopic,
  maxDeliveryAttempts,
}: DeadLetterPolicy): DeadLetterPolicy {
  const attempts = maxDeliveryAttempts || ATTEMPTS.usual;
  if (attempts < ATTEMPTS.fewest || attempts > ATTEMPTS.most) {
    throw new GrpcError(
      'OUT_OF_RANGE',
      `The value for max_delivery_attempts must be between ${ATTEMPTS.fewest} and ${ATTEMPTS.most}. ` +
        `You passed ${attempts} in the request.`,
    );
  }
  return { deadLetterTopic, maxDeliveryAttempts: attempts };
}
