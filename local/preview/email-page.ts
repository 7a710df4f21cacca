import { visibleLength } from '../../functions/src/adapters/liquid/words.ts';
import type { GalleryEmail } from '../../templates/gallery.ts';
import type { Scheme } from './color-scheme.ts';
import { inboxLine, kilobytes, markup, type Markup, type View } from './page.ts';

/** Widths of the windows, in CSS pixels. */
const PHONE = 390;
const DESKTOP = 1280;

/** One email from every side: phone and desktop, light and dark, HTML and text. */
export function emailPage(email: GalleryEmail, emails: readonly GalleryEmail[]): View {
  return {
    title: email.subject,
    body: markup`<header class="top">
        <nav>
          <a href="/">All emails</a>
          <span class="steps">${neighbours(email, emails)}</span>
        </nav>
        <div class="inbox single">${inboxLine(email)}</div>
        <p class="facts">
          <span class="tag">${email.template}</span>
          <span class="tag locale">${email.locale}</span>
          <span class="tag">${email.kind}</span>
          <span>subject ${visibleLength(email.subject)} characters</span>
          <span>HTML ${kilobytes(email)} KB</span>
        </p>
      </header>
      <main>
        ${views(email, 'light')}
        ${views(email, 'dark')}
        <section class="views">
          <h2>Text</h2>
          <pre class="text" lang="${email.locale}">${email.text}</pre>
        </section>
      </main>`,
  };
}

function neighbours(email: GalleryEmail, emails: readonly GalleryEmail[]): readonly Markup[] {
  const position = emails.findIndex(({ id }) => id === email.id);
  const before = position > 0 ? emails[position - 1] : undefined;
  const after = emails[position + 1];
  return [
    before === undefined ? markup`` : markup`<a href="/emails/${before.id}" rel="prev">Previous</a>`,
    after === undefined ? markup`` : markup`<a href="/emails/${after.id}" rel="next">Next</a>`,
  ];
}

function views(email: GalleryEmail, scheme: Scheme): Markup {
  return markup`<section class="views ${scheme}">
      <h2>${scheme === 'light' ? 'Light' : 'Dark'}</h2>
      <div class="devices">
        ${device(email, scheme, 'phone', PHONE)}
        ${device(email, scheme, 'desktop', DESKTOP)}
      </div>
    </section>`;
}

function device(email: GalleryEmail, scheme: Scheme, name: 'phone' | 'desktop', width: number): Markup {
  return markup`<figure class="device ${name}">
      <figcaption>${name === 'phone' ? 'Phone' : 'Desktop'}, ${width} px</figcaption>
      <div class="screen">
        <iframe src="/emails/${email.id}/${scheme}" width="${width}" sandbox="allow-same-origin"
          title="${name}, ${scheme}"></iframe>
      </div>
    </figure>`;
}
