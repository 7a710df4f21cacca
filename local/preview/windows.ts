import { markup, type Markup } from './markup.ts';

export type Scheme = 'light' | 'dark';

/** Widths of the windows, in CSS pixels. */
const PHONE = 390;
const DESKTOP = 1280;

/** A document on a phone and on a desktop, light and dark. @param path where it is served, without the scheme. */
export function windowsOn(path: string): readonly Markup[] {
  return [windowsIn(path, 'light'), windowsIn(path, 'dark')];
}

function windowsIn(path: string, scheme: Scheme): Markup {
  return markup`<section class="views ${scheme}">
      <h2>${scheme === 'light' ? 'Light' : 'Dark'}</h2>
      <div class="devices">
        ${device(path, scheme, 'phone', PHONE)}
        ${device(path, scheme, 'desktop', DESKTOP)}
      </div>
    </section>`;
}

function device(path: string, scheme: Scheme, name: 'phone' | 'desktop', width: number): Markup {
  return markup`<figure class="device ${name}">
      <figcaption>${name === 'phone' ? 'Phone' : 'Desktop'}, ${width} px</figcaption>
      <div class="screen">
        <iframe src="${path}/${scheme}" width="${width}" sandbox="allow-same-origin"
          title="${name}, ${scheme}"></iframe>
      </div>
    </figure>`;
}

/** The document as a reader with a colour scheme sees it. Resolves its media queries, so that the browser's own scheme has no effect. */
export function inScheme(html: string, scheme: Scheme): string {
  const resolved = html.replaceAll(/\(prefers-color-scheme:\s*(light|dark)\)/gu, (_query, wanted) =>
    wanted === scheme ? 'all' : 'not all',
  );
  return resolved.replaceAll('color-scheme: light dark', `color-scheme: ${scheme}`);
}
