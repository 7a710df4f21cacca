export type Scheme = 'light' | 'dark';

/**
 * The email as a reader with this colour scheme sees it, whatever the scheme of the browser: its media queries are
 * answered beforehand.
 */
export function inScheme(html: string, scheme: Scheme): string {
  const answered = html.replaceAll(/\(prefers-color-scheme:\s*(light|dark)\)/gu, (_query, asked) =>
    asked === scheme ? 'all' : 'not all',
  );
  return answered.replaceAll('color-scheme: light dark', `color-scheme: ${scheme}`);
}
