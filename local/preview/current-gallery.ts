import { compileSources } from '../../templates/compile.ts';
import { galleryOf, type GalleryEmail } from '../../templates/gallery.ts';
import { pageGalleryOf, type GalleryPage } from '../../templates/page-gallery.ts';
import type { Sources } from '../../templates/sources.ts';

/** Everything that customers see. */
export interface Gallery {
  readonly emails: readonly GalleryEmail[];
  readonly pages: readonly GalleryPage[];
}

/**
 * Emails and pages as the sources are now: made anew only when a source changed.
 * @throws TemplateFaults, or PermanentError for samples that do not fit, naming what is wrong.
 */
export function currentGallery(sources: Sources): () => Promise<Gallery> {
  let made: { readonly hash: string; readonly gallery: Promise<Gallery> } | undefined;
  return () => {
    const hash = sources.hash();
    if (made?.hash !== hash) made = { hash, gallery: makeGallery(sources) };
    return made.gallery;
  };
}

async function makeGallery(sources: Sources): Promise<Gallery> {
  const compiled = await compileSources(sources);
  return { emails: galleryOf(compiled, sources), pages: pageGalleryOf(compiled) };
}
