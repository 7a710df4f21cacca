import { TemplateFaults } from '../../templates/faults.ts';
import { markup, type View } from './page.ts';

/** What is wrong with the templates, in place of the emails. The page comes back by itself when it is put right. */
export function faultPage(error: unknown): View {
  const faults = error instanceof TemplateFaults ? error.faults : [messageOf(error)];
  return {
    title: 'Something is wrong',
    body: markup`<main class="faults">
        <h1>The templates need a hand</h1>
        <ol>${faults.map((fault) => markup`<li><code>${fault}</code></li>`)}</ol>
        <p>Save a correction, and the emails are back.</p>
      </main>`,
  };
}

/** For the address of an email or a page that is no longer there, or never was. */
export function missingPage(): View {
  return {
    title: 'Not found',
    body: markup`<main class="faults">
        <h1>There is no such email</h1>
        <p><a href="/">All emails</a></p>
      </main>`,
  };
}

/** What went wrong and why: an error that wraps another one is only half the story. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
}
