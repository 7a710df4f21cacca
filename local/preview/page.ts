import type { GalleryEmail } from '../../template-compiler/gallery.ts';
import { markup, type Markup } from './markup.ts';

/** What differs from page to page. */
export interface View {
  readonly title: string;
  readonly body: Markup;
}

/**
 * A whole page of the preview, which reloads itself when the sources change.
 * @param version of the sources that it shows.
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

/** The size of the HTML in KB. Gmail clips an email at 102 KB. */
export function kilobytes(email: GalleryEmail): string {
  return (Buffer.byteLength(email.html) / 1024).toFixed(1);
}
