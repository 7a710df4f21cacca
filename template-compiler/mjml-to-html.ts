import path from 'node:path';
import type { FaultList } from './faults.ts';
import type { Sources } from './sources.ts';

/**
 * Compiles MJML to HTML that email clients understand. Liquid stays as it is, and is rendered when an email is sent.
 * MJML is loaded only when it is needed: it takes longer to load than everything else together.
 */
export async function compileMjml(file: string, sources: Sources, faults: FaultList): Promise<string> {
  const where = `templates/${file}`;
  const { default: mjml2html } = await import('mjml');
  try {
    const { html, errors } = await mjml2html(sources.read(file), {
      filePath: path.join(sources.folder, file),
      includePath: sources.folder,
      ignoreIncludes: false,
      keepComments: false,
      validationLevel: 'soft',
      fonts: {},
    });
    for (const { line, tagName, message } of errors)
      faults.add(where, `line ${line}, ${tagName}: ${message}`);
    return html;
  } catch (error) {
    faults.addError(where, error);
    return '';
  }
}
