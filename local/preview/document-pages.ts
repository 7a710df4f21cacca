/** The pages that show one document each: an email, or a state of the unsubscribe page. */
import { visibleLength } from '../../functions/src/domain/text.ts';
import type { GalleryEmail } from '../../template-compiler/gallery.ts';
import type { GalleryPage } from '../../template-compiler/page-gallery.ts';
import { markup, type Markup } from './markup.ts';
import { inboxLine, kilobytes, type View } from './page.ts';
import { windowsOn } from './windows.ts';

/** One email as HTML, on a phone and on a desktop, light and dark, and as text. */
export function emailPage(email: GalleryEmail, emails: readonly GalleryEmail[]): View {
  return {
    title: email.subject,
    body: markup`<header class="top">
        ${navigation(email, emails, '/emails')}
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
        ${windowsOn(`/emails/${email.id}`)}
        <section class="views">
          <h2>Text</h2>
          <pre class="text" lang="${email.locale}">${email.text}</pre>
        </section>
      </main>`,
  };
}

/** One state of the unsubscribe page, on a phone and on a desktop, light and dark. */
export function unsubscribePage(shown: GalleryPage, pages: readonly GalleryPage[]): View {
  return {
    title: shown.title,
    body: markup`<header class="top">
        ${navigation(shown, pages, '/pages')}
        <h1>A visitor who ${shown.title}</h1>
        <p class="facts">
          <span class="tag">unsubscribe page</span>
          ${shown.locales.map((locale) => markup`<span class="tag locale">${locale}</span>`)}
        </p>
      </header>
      <main>${windowsOn(`/pages/${shown.id}`)}</main>`,
  };
}

interface Entry {
  readonly id: string;
}

/** Links to the index, the previous entry and the next one. @param folder where the entries are served. */
function navigation(shown: Entry, all: readonly Entry[], folder: string): Markup {
  const position = all.findIndex(({ id }) => id === shown.id);
  const link = (entry: Entry | undefined, rel: string, text: string): Markup =>
    entry === undefined ? markup`` : markup`<a href="${folder}/${entry.id}" rel="${rel}">${text}</a>`;
  return markup`<nav>
          <a href="/">All emails</a>
          <span class="steps">${link(all[position - 1], 'prev', 'Previous')}${link(all[position + 1], 'next', 'Next')}</span>
        </nav>`;
}
