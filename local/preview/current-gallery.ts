import { compileSources } from '../../template-compiler/compile.ts';
import { galleryOf, type GalleryEmail } from '../../template-compiler/gallery.ts';
import { pageGalleryOf, type GalleryPage } from '../../template-compiler/page-gallery.ts';
import type { Sources } from '../../template-compiler/sources.ts';

/** Everything that customers see. */
export interface Gallery {
  readonly emails: readonly GalleryEmail[];
  readonly pages: readonly GalleryPage[];
}

/**
 * Renders the emails and pages from the current sources, and again only when a source has changed.
 * @throws TemplateFaults, or PermanentError for samples that do not fit their template.
 */
export function currentGallery(sources: Sources): () => Promise<Gallery> {
  let latest: { readonly hash: string; readonly gallery: Promise<Gallery> } | undefined;
  return () => {
    const hash = sources.hash();
    if (latest?.hash !== hash) latest = { hash, gallery: renderGallery(sources) };
    return latest.gallery;
  };
}

async function renderGallery(sources: Sources): Promise<Gallery> {
  const compiled = await compileSources(sources);
  return { emails: galleryOf(compiled, sources), pages: pageGalleryOf(compiled) };
}
