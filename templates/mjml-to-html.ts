import { join } from 'node:path';
import type { FaultList } from './faults.ts';
import { readSource, templatesFolder } from './sources.ts';

/**
 * Turns MJML into HTML that email clients understand. Liquid goes through untouched: it is run when an email is sent.
 * MJML is loaded only here, since it takes longer to load than everything else together.
 */
export async function compileMjml(path: string, faults: FaultList): Promise<string> {
  const { default: mjml2html } = await import('mjml');
  try {
    const { html, errors } = await mjml2html(readSource(path), {
      filePath: join(templatesFolder, path),
      includePath: templatesFolder,
      ignoreIncludes: false,
      keepComments: false,
      validationLevel: 'soft',
      fonts: {},
    });
    for (const { line, tagName, message } of errors)
      faults.add(`templates/${path}`, `line ${line}, ${tagName}: ${message}`);
    return html;
  } catch (error) {
    faults.add(`templates/${path}`, error instanceof Error ? error.message : 'is not MJML');
    return '';
  }
}
