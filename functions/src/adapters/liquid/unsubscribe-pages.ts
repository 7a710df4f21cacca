import { createHash } from 'node:crypto';
import { locales, type Locale } from '../../domain/content.ts';
import { PAUSE_MONTHS, type Choice, type SubscriptionSummary } from '../../domain/subscription.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Sender, UnsubscribePages } from '../../ports.ts';
import type { PagePhrases, PageView } from './compiled-page.ts';
import type { CompiledTemplates } from './compiled-templates.ts';
import { htmlEngine, parsedOnce, textEngine } from './engines.ts';
import { senderInLines } from './renderer.ts';

/** The pages of `templates/unsubscribe-page`. They keep what they have parsed, so an instance needs only one. */
export function liquidUnsubscribePages(
  { unsubscribePage: { html, style, phrases }, phrases: layout }: CompiledTemplates,
  sender: Sender,
): UnsubscribePages {
  const render = parsedOnce(htmlEngine, html);
  const common = { style, sender: senderInLines(sender) };
  const page = (locale: Locale, sections: readonly object[], languages: readonly object[] = []) =>
    render({ ...common, locale, brandLine: layout[locale]['brandLine'], sections, languages });

  return {
    styleHash: `sha256-${createHash('sha256').update(style).digest('base64')}`,

    forRecipient(recipient, { locale, undone, linkIn }) {
      const values = {
        sender: common.sender.name,
        pause: monthsIn(locale, PAUSE_MONTHS),
        until: dateIn(locale, untilOf(recipient)),
      };
      const others = locales.filter((other) => other !== locale);
      return page(
        locale,
        [{ locale, ...recipientSection(recipient, undone, phrases[locale], values) }],
        others.map((other) => ({ locale: other, name: phrases[other].language, href: linkIn(other) })),
      );
    },

    forAnyone(view) {
      const values = { sender: common.sender.name };
      const [first] = locales;
      return page(
        first,
        locales.map((locale) => ({ locale, ...section(view, phrases[locale], values) })),
      );
    },
  };
}

type Values = Readonly<Record<string, string>>;

/** The buttons of each view; the first one is emphasised. */
const buttonsOf: Readonly<Record<PageView, readonly Choice[]>> = {
  subscribed: ['stop', 'pause'],
  resumed: ['pause', 'stop'],
  paused: ['undo', 'stop'],
  stopped: ['undo'],
  unreachable: [],
  incompleteLink: [],
  tryLater: [],
};

function recipientSection(
  recipient: SubscriptionSummary,
  undone: boolean,
  phrases: PagePhrases,
  values: Values,
) {
  const address = recipient.maskedAddress ?? null;
  return { ...section(viewOf(recipient, undone), phrases, values), address };
}

function section(view: PageView, phrases: PagePhrases, values: Values) {
  const say = (text: string) => String(textEngine.parseAndRenderSync(text, values));
  const { title, paragraphs } = phrases.views[view];
  return {
    title: say(title),
    paragraphs: paragraphs.map(say),
    address: null,
    addressLabel: phrases.addressLabel,
    buttons: buttonsOf[view].map((choice) => ({
      choice,
      label: say(phrases.buttons[choice]),
      note: say(phrases.notes[choice] ?? ''),
    })),
  };
}

function viewOf({ subscription }: SubscriptionSummary, undone: boolean): PageView {
  if (subscription.state === 'stopped') return subscription.mayUndo ? 'stopped' : 'unreachable';
  return subscription.state === 'subscribed' && undone ? 'resumed' : subscription.state;
}

/** The end of the current pause, or of one that starts now. */
function untilOf({ subscription, pauseWouldEnd }: SubscriptionSummary): EpochMs {
  return subscription.state === 'paused' ? subscription.until : pauseWouldEnd;
}

function monthsIn(locale: Locale, months: number): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit: 'month', unitDisplay: 'long' }).format(months);
}

function dateIn(locale: Locale, time: EpochMs): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(time);
}
