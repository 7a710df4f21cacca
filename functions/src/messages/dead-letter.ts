import type { MessageFault } from '../domain/quarantine.ts';
import type { PublishedMessage } from './pubsub-event.ts';

/**
 * What Pub/Sub adds to the attributes of a message that it dead-letters begins with this.
 * https://cloud.google.com/pubsub/docs/handling-failures
 */
const PREFIX = 'CloudPubSubDeadLetterSource';

/** A message that was delivered as often as is allowed without success. */
export interface DeadLetter {
  /** As it was first published, but for its ID: that is the dead letter's own. */
  readonly message: PublishedMessage;
  readonly fault: MessageFault;
}

/** Takes apart what its publisher said and what Pub/Sub added when it gave up. */
export function decodeDeadLetter(received: PublishedMessage): DeadLetter {
  const attributes = Object.entries(received.attributes);
  const added = new Map(attributes.filter(([name]) => name.startsWith(PREFIX)));
  return {
    message: {
      ...received,
      attributes: Object.fromEntries(attributes.filter(([name]) => !added.has(name))),
    },
    fault: { reason: 'delivery-attempts-exhausted', details: detailsOf(added) },
  };
}

/** Quotes only what has the form that Pub/Sub gives it: a publisher may have named an attribute so. */
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
