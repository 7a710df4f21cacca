import { pagePhrasesSchema, type CompiledPage } from '../functions/src/adapters/liquid/compiled-page.ts';
import type { CompiledTemplates } from '../functions/src/adapters/liquid/compiled-templates.ts';
import { liquidUnsubscribePages } from '../functions/src/adapters/liquid/unsubscribe-pages.ts';
import { locales } from '../functions/src/domain/content.ts';
import type { Subscription } from '../functions/src/domain/subscription.ts';
import type { FaultList } from './faults.ts';
import type { Sources } from './sources.ts';

const folder = 'unsubscribe-page';

/** Reads the page behind the unsubscribe link. Undefined when it does not read: what is wrong is then on the list. */
export function readPage(sources: Sources, faults: FaultList): CompiledPage | undefined {
  const phrases = sources.readYaml(`${folder}/phrases.yaml`, pagePhrasesSchema, faults);
  const html = sources.readText(`${folder}/page.liquid`, faults);
  const style = sources.readText(`${folder}/page.css`, faults);
  return phrases && { html, style, phrases };
}

const subscriptions: readonly Subscription[] = [
  { state: 'subscribed' },
  { state: 'paused', until: 0 },
  { state: 'stopped', mayUndo: true },
  { state: 'stopped', mayUndo: false },
];

/** Checks that every page there is can be rendered with what will be there when it is. */
export function checkPage(compiled: CompiledTemplates, faults: FaultList): void {
  try {
    const pages = liquidUnsubscribePages(compiled, { name: 'Sample', postalAddress: '1 Sample Street' });
    for (const locale of locales) {
      for (const subscription of subscriptions) {
        const recipient = { subscription, pauseWouldEnd: 0, maskedAddress: 's•••@e•••.com' };
        pages.forRecipient(recipient, { locale, undone: true, linkIn: () => '' });
      }
    }
    pages.forAnyone('incompleteLink');
    pages.forAnyone('tryLater');
  } catch (error) {
    faults.addError(`templates/${folder}`, error);
  }
}
