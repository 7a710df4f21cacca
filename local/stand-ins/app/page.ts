import { readFileSync } from 'node:fs';
import path from 'node:path';
import { markup, Markup } from '../../preview/markup.ts';
import { repository } from '../../toolchain/environment.ts';

/** The style of the unsubscribe page, and what a form needs beyond it. */
const style = `${readFileSync(path.join(repository, 'templates/unsubscribe-page/page.css'), 'utf8')}
label { display: grid; gap: 6px; font-size: 14px; color: var(--soft); }
input { background: var(--ticket); border: 1px solid var(--ticket-edge); border-radius: 16px; color: var(--ink);
  font: inherit; font-size: 18px; min-height: 60px; padding: 14px 22px; width: 100%; }
button { background: var(--action); color: var(--on-action); }
.fault { color: #b03a1e; }
@media (prefers-color-scheme: dark) { .fault { color: #f0a08a; } }`;

/** The form. @param fault what is wrong with the given address. */
export function joinPage(address = '', fault?: string): string {
  return page(
    'Pull up a chair',
    markup`<p>The app would ask for more. This stand-in only asks for the address you bought with.</p>
      <form method="post">
        <p>
          <label>Email address
            <input name="email" type="email" autocomplete="email" required value="${address}">
          </label>
        </p>
        ${fault === undefined ? markup`` : markup`<p class="fault" role="alert">${fault}</p>`}
        <p><button>Join Farmacy Family</button></p>
      </form>`,
  );
}

export function joinedPage(): string {
  return page(
    'Welcome to the family',
    markup`<p>The app has reported the sign-up. The terminal shows in a moment what becomes of it. If an email won the sign-up,
      that email is credited with it.</p>`,
  );
}

function page(title: string, content: Markup): string {
  return markup`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} · Farmacy Family</title>
    <link rel="icon" href="data:,">
    <style>${new Markup(style)}</style>
  </head>
  <body>
    <header>
      <p class="brand"><span class="mark"></span>Farmacy Family</p>
      <p class="soft">A stand-in for the app, on this machine</p>
    </header>
    <main>
      <section>
        <h1>${title}</h1>
        ${content}
      </section>
    </main>
  </body>
</html>`.html;
}
