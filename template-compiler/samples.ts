import { z } from 'zod';
import { locales, type ContentQuestion, type Locale } from '../functions/src/domain/content.ts';
import { FaultList } from './faults.ts';
import type { Sources } from './sources.ts';

const sampleSchema = z.strictObject({
  title: z.string(),
  locale: z.enum(locales),
  name: z.string(),
  purchase: z.strictObject({ items: z.array(z.string()), place: z.string() }),
  answer: z.strictObject({
    contentId: z.string(),
    template: z.string(),
    subject: z.string().exactOptional(),
    variables: z.record(z.string(), z.unknown()),
  }),
});

/** A question to Analytics and a possible answer, for the preview and the tests. */
export type Sample = z.infer<typeof sampleSchema>;

/**
 * The samples of one template.
 * @throws TemplateFaults when its `samples.yaml` has faults.
 */
export function samplesOf(template: string, sources: Sources): readonly Sample[] {
  const faults = new FaultList();
  const samples = sources.readYaml(`${template}/samples.yaml`, z.array(sampleSchema).nonempty(), faults);
  faults.throwIfAny();
  return samples ?? [];
}

/** The question that a sample answers. */
export function questionOf(
  stage: ContentQuestion['stage'],
  locale: Locale,
  sequence: number,
  purchase?: Sample['purchase'],
): ContentQuestion {
  const question = { customerId: 'sample', stage, locale, sequence };
  if (purchase === undefined) return question;
  const items = purchase.items.map((name, index) => ({
    sku: `sample-${index}`,
    name,
    quantity: 1,
    unitPrice: 850,
  }));
  const location = { id: 'sample', name: purchase.place };
  return {
    ...question,
    transaction: { occurredAt: Date.UTC(2026, 0, 15), source: 'smart-fridge', location, items },
  };
}
