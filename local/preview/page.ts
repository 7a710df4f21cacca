import type { GalleryEmail } from '../../templates/gallery.ts';

/** HTML that may go into a page as it stands. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Value = string | number | Markup | readonly Markup[];

/** A template literal whose values are escaped, unless they are markup themselves. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(htmlOf)));
}

function htmlOf(value: Value): string {
  if (value instanceof Markup) return value.html;
  if (typeof value === 'object') return value.map(htmlOf).join('');
  return String(value).replaceAll(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}

/** What is particular to a page. */
export interface View {
  readonly title: string;
  readonly body: Markup;
}

/**
 * A whole page of the preview, which reloads itself when the sources change.
 * @param version of the sources it shows.
 */
export function page({ title, body }: View, version: string): string {
  return markup`<!doctype html>
<html lang="en" data-version="${version}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/assets/preview.css">
    <script src="/assets/preview.js" defer></script>
  </head>
  <body>${body}</body>
</html>`.html;
}

/** An email as a line of an inbox. */
export function inboxLine(email: GalleryEmail): Markup {
  return markup`<span class="avatar" aria-hidden="true">F</span>
    <span class="line">
      <span class="sender">Farmacy Family</span>
      <span class="subject">${email.subject}</span>
      <span class="preheader">${email.preheader}</span>
    </span>`;
}

/** Size of the HTML as it travels, in KB. Gmail cuts an email off at 102. */
export function kilobytes(email: GalleryEmail): string {
  return (Buffer.byteLength(email.html) / 1024).toFixed(1);
}
