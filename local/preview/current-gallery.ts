import { compileSources } from '../../templates/compile.ts';
import { galleryOf, type GalleryEmail } from '../../templates/gallery.ts';
import type { Sources } from '../../templates/sources.ts';

/**
 * The emails as the sources are now: made anew only when a source changed.
 * @throws TemplateFaults, or PermanentError for samples that do not fit, naming what is wrong.
 */
export function currentGallery(sources: Sources): () => Promise<readonly GalleryEmail[]> {
  let made: { readonly hash: string; readonly gallery: Promise<readonly GalleryEmail[]> } | undefined;
  return () => {
    const hash = sources.hash();
    if (made?.hash !== hash) made = { hash, gallery: makeGallery(sources) };
    return made.gallery;
  };
}

async function makeGallery(sources: Sources): Promise<readonly GalleryEmail[]> {
  return galleryOf(await compileSources(sources), sources);
}
