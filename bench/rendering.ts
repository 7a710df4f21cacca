import { loadCompiledTemplates } from '../functions/src/adapters/liquid/compiled-templates.ts';
import { liquidTemplates } from '../functions/src/adapters/liquid/templates.ts';
import type { ContentQuestion } from '../functions/src/domain/content.ts';
import type { Letter } from '../functions/src/ports.ts';

/** Emails before anything is measured. */
const WARM_UP = 2_000;
const RENDERED = 2_000;

/** In ms of CPU. */
export interface Rendering {
  /** The first email of an instance, which parses the templates too. */
  readonly first: number;
  /** Any later one. */
  readonly later: number;
}

const question: ContentQuestion = {
  customerId: '0123456789abcdef0123456789abcdef',
  stage: 'transactional',
  locale: 'en',
  sequence: 1,
  transaction: {
    occurredAt: Date.UTC(2026, 4, 1, 12),
    source: 'smart-fridge',
    location: { id: 'fridge-0117', name: 'Central Station' },
    items: [{ sku: 'MEAL-BOWL-01', name: 'Quinoa Bowl', category: 'bowl', quantity: 1, unitPrice: 890 }],
  },
};

/** What it takes to choose the static content for an email and to render it. */
export function measureRendering(): Rendering {
  const templates = liquidTemplates(loadCompiledTemplates());
  const render = (): unknown => {
    const letter: Letter = {
      content: templates.staticContent(question),
      locale: 'en',
      name: 'Ann Lee',
      links: {
        join: 'https://farmacy.example/join',
        unsubscribe: 'https://farmacy.example/unsubscribe?token=1',
      },
      sender: { name: 'Farmacy Family', postalAddress: '1 Garden Way, Springfield' },
    };
    return templates.render(letter);
  };
  const first = cpuOf(render);
  for (let count = 0; count < WARM_UP; count += 1) render();
  const all = cpuOf(() => {
    for (let count = 0; count < RENDERED; count += 1) render();
  });
  return { first, later: all / RENDERED };
}

function cpuOf(what: () => unknown): number {
  const before = process.cpuUsage();
  what();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
