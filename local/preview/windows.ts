import type { Scheme } from './color-scheme.ts';
import { markup, type Markup } from './page.ts';

/** Widths of the windows, in CSS pixels. */
const PHONE = 390;
const DESKTOP = 1280;

/** A document on a phone and on a desktop, light and dark. @param path where it is served, without the scheme. */
export function windowsOn(path: string): readonly Markup[] {
  return [inScheme(path, 'light'), inScheme(path, 'dark')];
}

function inScheme(path: string, scheme: Scheme): Markup {
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
