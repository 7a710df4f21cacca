/**
 * List prices of November 2026 in US dollars, for a single region such as europe-west1.
 * https://cloud.google.com/firestore/pricing, https://cloud.google.com/run/pricing, https://cloud.google.com/pubsub/pricing
 */
export const prices = {
  read: 0.03 / 100_000,
  write: 0.09 / 100_000,
  delete: 0.01 / 100_000,
  /** A month. */
  storedGib: 0.15,
  invocation: 0.4 / 1_000_000,
  cpuSecond: 0.000_024,
  gibSecond: 0.000_002_5,
  pubsubTib: 40,
  /** How long one invocation occupies a CPU when it does not share it. Billed in steps of 0.1 s. */
  secondsPerInvocation: 0.1,
  /** Publishing and delivery, each billed as at least 1 KB. */
  bytesPerPurchase: 2_000,
  /** A stored transaction with its indexes is about 1.5 KB. */
  gibPerTransaction: 1_500 / 2 ** 30,
} as const;

/**
 * What is free every month. Firestore's reads and writes are free up to 50,000 and 20,000 a day. Its free deletes do not
 * cover documents that expire, and all of ours do.
 */
export const freePerMonth = {
  reads: 50_000 * 30,
  writes: 20_000 * 30,
  deletes: 0,
  storedGib: 1,
  invocations: 2_000_000,
  cpuSeconds: 180_000,
  gibSeconds: 360_000,
  pubsubTib: 10 / 1024,
} as const;

/**
 * What one email costs with the plan that a number of emails needs. SendGrid's price list changes often: its plans, from
 * the smallest to the largest, lie between these prices. https://www.twilio.com/en-us/pricing/sendgrid
 * @param emails a month.
 */
export function sendgridPrice(emails: number): number {
  if (emails <= 100_000) return 0.0013;
  return emails <= 1_000_000 ? 0.0009 : 0.0005;
}
