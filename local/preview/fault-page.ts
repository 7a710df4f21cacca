import { TemplateFaults } from '../../template-compiler/faults.ts';
import { markup } from './markup.ts';
import type { View } from './page.ts';

/** The faults of the templates, in place of the emails. Reloads itself when the sources change. */
export function faultPage(error: unknown): View {
  const faults = error instanceof TemplateFaults ? error.faults : [messageOf(error)];
  return {
    title: 'Faults',
    body: markup`<main class="faults">
        <h1>The templates have faults</h1>
        <ol>${faults.map((fault) => markup`<li><code>${fault}</code></li>`)}</ol>
        <p>The emails come back when you save a correction.</p>
      </main>`,
  };
}

/** For the address of an email or a page that does not exist. */
export function missingPage(): View {
  return {
    title: 'Not found',
    body: markup`<main class="faults">
        <h1>There is no such email</h1>
        <p><a href="/">All emails</a></p>
      </main>`,
  };
}

/** The messages of an error and of its causes. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}
