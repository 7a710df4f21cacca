import type { GalleryEmail } from '../../template-compiler/gallery.ts';
import type { GalleryPage } from '../../template-compiler/page-gallery.ts';
import type { Gallery } from './current-gallery.ts';
import { markup, type Markup } from './markup.ts';
import { inboxLine, kilobytes, type View } from './page.ts';

/** All emails as an inbox with one section for each template, and the unsubscribe page. */
export function indexPage({ emails, pages }: Gallery): View {
  const templates = [...new Set(emails.map(({ template }) => template))];
  const sections = templates.map((name) =>
    section(name, emails.filter(({ template }) => template === name).map(row)),
  );
  return {
    title: 'Emails',
    body: markup`<header class="top">
        <h1>Emails</h1>
        <p>${emails.length} emails. This page follows your changes in <code>templates/</code>.</p>
      </header>
      <main>${sections}${pagesSection(pages)}</main>`,
  };
}

function pagesSection(pages: readonly GalleryPage[]): Markup {
  return section('unsubscribe page', pages.map(pageRow));
}

function section(name: string, rows: readonly Markup[]): Markup {
  return markup`<section class="template">
      <h2>${name}</h2>
      <ul class="inbox">${rows}</ul>
    </section>`;
}

function pageRow({ id, title, locales }: GalleryPage): Markup {
  return markup`<li>
      <a href="/pages/${id}">
        <span class="line">A visitor who ${title}</span>
        <span class="tags">${locales.map((locale) => markup`<span class="tag locale">${locale}</span>`)}</span>
      </a>
    </li>`;
}

function row(email: GalleryEmail): Markup {
  return markup`<li>
      <a href="/emails/${email.id}">
        ${inboxLine(email)}
        <span class="tags">
          <span class="tag locale">${email.locale}</span>
          <span class="tag ${email.kind.split(',')[0] ?? ''}">${email.kind}</span>
          <span class="size">${kilobytes(email)} KB</span>
        </span>
      </a>
    </li>`;
}
