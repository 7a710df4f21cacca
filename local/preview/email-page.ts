import { visibleLength } from '../../functions/src/domain/text.ts';
import type { GalleryEmail } from '../../templates/gallery.ts';
import { neighbours } from './neighbours.ts';
import { inboxLine, kilobytes, markup, type View } from './page.ts';
import { windowsOn } from './windows.ts';

/** One email from every side: phone and desktop, light and dark, HTML and text. */
export function emailPage(email: GalleryEmail, emails: readonly GalleryEmail[]): View {
  return {
    title: email.subject,
    body: markup`<header class="top">
        <nav>
          <a href="/">All emails</a>
          <span class="steps">${neighbours(email, emails, '/emails')}</span>
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
        ${windowsOn(`/emails/${email.id}`)}
        <section class="views">
          <h2>Text</h2>
          <pre class="text" lang="${email.locale}">${email.text}</pre>
        </section>
      </main>`,
  };
}
