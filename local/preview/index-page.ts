import type { GalleryEmail } from '../../templates/gallery.ts';
import { inboxLine, kilobytes, markup, type Markup, type View } from './page.ts';

/** All emails as an inbox, one section a template. */
export function indexPage(emails: readonly GalleryEmail[]): View {
  const templates = [...new Set(emails.map(({ template }) => template))];
  const sections = templates.map((name) =>
    section(
      name,
      emails.filter(({ template }) => template === name),
    ),
  );
  return {
    title: 'Emails',
    body: markup`<header class="top">
        <h1>Emails</h1>
        <p>${emails.length} of them. They change here while you write below <code>templates/</code>.</p>
      </header>
      <main>${sections}</main>`,
  };
}

function section(name: string, emails: readonly GalleryEmail[]): Markup {
  return markup`<section class="template">
      <h2>${name}</h2>
      <ul class="inbox">${emails.map(row)}</ul>
    </section>`;
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
