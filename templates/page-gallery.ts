import type { CompiledTemplates } from '../functions/src/adapters/liquid/compiled-templates.ts';
import { liquidUnsubscribePages } from '../functions/src/adapters/liquid/unsubscribe-pages.ts';
import { locales, type Locale } from '../functions/src/domain/content.ts';
import { endOfPause, type Subscription } from '../functions/src/domain/subscription.ts';
import type { Letter } from '../functions/src/ports.ts';
import { galleryLetter } from './gallery.ts';

/** One state of the page behind the unsubscribe link, as the preview shows it and the tests check it. */
export interface GalleryPage {
  /** Unique in the gallery, and fit for a URL. */
  readonly id: string;
  /** What the page is about, for people. */
  readonly title: string;
  /** A page for nobody in particular speaks all of them. */
  readonly locales: readonly Locale[];
  readonly html: string;
}

const now = Date.UTC(2026, 10, 23);

const states: readonly (readonly [id: string, title: string, Subscription, undone: boolean])[] = [
  ['subscribed', 'gets emails', { state: 'subscribed' }, false],
  ['paused', 'has paused emails', { state: 'paused', until: endOfPause(now) }, false],
  ['stopped', 'has stopped emails', { state: 'stopped', mayUndo: true }, false],
  ['resumed', 'has just taken a choice back', { state: 'subscribed' }, true],
  ['unreachable', 'cannot be written to', { state: 'stopped', mayUndo: false }, false],
];

const forAnyone = [
  ['incompleteLink', 'follows a link that is incomplete'],
  ['tryLater', 'comes while something is out of order'],
] as const;

/** The unsubscribe page in every state and language. */
export function pageGalleryOf(
  compiled: CompiledTemplates,
  sender: Letter['sender'] = galleryLetter.sender,
): readonly GalleryPage[] {
  const pages = liquidUnsubscribePages(compiled, sender);
  const recipient = { pauseWouldEnd: endOfPause(now), maskedAddress: 'a•••@e•••.com' };
  const linkIn = (locale: Locale) => `?token=sample.signature&lang=${locale}`;
  return [
    ...locales.flatMap((locale) =>
      states.map(([id, title, subscription, undone]) => ({
        id: `${id}-${locale}`,
        title,
        locales: [locale],
        html: pages.forRecipient({ ...recipient, subscription }, { locale, undone, linkIn }),
      })),
    ),
    ...forAnyone.map(([view, title]) => ({ id: view, title, locales, html: pages.forAnyone(view) })),
  ];
}
