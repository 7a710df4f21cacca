import type { PublishedMessage } from '../domain/published-message.ts';
import type { DeadLetter, Decoded } from '../domain/quarantine.ts';

/**
 * The names of the attributes that Pub/Sub adds to a message that it dead-letters begin with this.
 * https://cloud.google.com/pubsub/docs/handling-failures
 */
const PREFIX = 'CloudPubSubDeadLetterSource';

/** Separates the published message from the attributes that Pub/Sub added. It accepts every message, because any message can be a dead letter. */
export function decodeDeadLetter(received: PublishedMessage): Decoded<DeadLetter> {
  const attributes = Object.entries(received.attributes);
  const added = new Map(attributes.filter(([name]) => name.startsWith(PREFIX)));
  const original = Object.fromEntries(attributes.filter(([name]) => !added.has(name)));
  return {
    value: {
      message: { ...received, attributes: original },
      fault: { reason: 'delivery-attempts-exhausted', details: detailsOf(added) },
    },
  };
}

/** Quotes only values in the format of Pub/Sub, because a publisher may have used the name of such an attribute. */
function detailsOf(added: ReadonlyMap<string, string>): string[] {
  const wellFormed = (name: string, form: RegExp) => form.exec(added.get(`${PREFIX}${name}`) ?? '')?.[0];
  const deliveries = wellFormed('DeliveryCount', /^\d{1,4}$/u) ?? 'all';
  const subscription = wellFormed('Subscription', /^[a-z][\w.~+%-]{2,254}$/iu);
  const published = wellFormed('TopicPublishTime', /^[\d:.TZ+-]{20,35}$/u);
  return [
    `${deliveries} deliveries to ${subscription ?? 'its subscription'} failed: the log of the function says why`,
    ...(published === undefined ? [] : [`first published ${published}`]),
  ];
}
