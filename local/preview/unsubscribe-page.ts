import type { GalleryPage } from '../../templates/page-gallery.ts';
import { neighbours } from './neighbours.ts';
import { markup, type View } from './page.ts';
import { windowsOn } from './windows.ts';

/** One state of the page behind the unsubscribe link: phone and desktop, light and dark. */
export function unsubscribePage(shown: GalleryPage, pages: readonly GalleryPage[]): View {
  return {
    title: shown.title,
    body: markup`<header class="top">
        <nav>
          <a href="/">All emails</a>
          <span class="steps">${neighbours(shown, pages, '/pages')}</span>
        </nav>
        <h1>Somebody who ${shown.title}</h1>
        <p class="facts">
          <span class="tag">unsubscribe page</span>
          ${shown.locales.map((locale) => markup`<span class="tag locale">${locale}</span>`)}
        </p>
      </header>
      <main>${windowsOn(`/pages/${shown.id}`)}</main>`,
  };
}
