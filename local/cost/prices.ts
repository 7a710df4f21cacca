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
  /** How long one invocation keeps a CPU busy, when nothing else shares it. Billed in steps of 0.1 s. */
  secondsPerInvocation: 0.1,
  /** Published and delivered, each billed as 1 KB at least. */
  bytesPerPurchase: 2_000,
  /** A stored transaction with its indexes is about 1.5 KB. */
  gibPerTransaction: 1_500 / 2 ** 30,
} as const;

/**
 * What is free every month. Firestore's reads and writes are 50,000 and 20,000 a day; its 20,000 deletes are not for
 * documents that expire, as all of ours do.
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
 * What one email costs, by the plan that so many a month need. SendGrid's own price list changes often: between these
 * two lie its plans from the smallest to the largest. https://www.twilio.com/en-us/pricing/sendgrid
 * @param emails a month.
 */
export function sendgridPrice(emails: number): number {
  if (emails <= 100_000) return 0.0013;
  return emails <= 1_000_000 ? 0.0009 : 0.0005;
}
