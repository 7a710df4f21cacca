/** The look of the report, in the colours of the emails, light and dark, and on paper. */
export const style = `
:root {
  --paper: #fbf7ef; --card: #ffffff; --ink: #22302a; --faint: #5d6b63; --line: #e4dccb;
  --leaf: #1f5c46; --citrus: #c9730b; --berry: #7b2346;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141a17; --card: #1d2621; --ink: #f0ebdf; --faint: #a9b5ad; --line: #323d37;
    --leaf: #6fbf95; --citrus: #f0b04f; --berry: #e08bb0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, sans-serif; }
main { max-width: 820px; margin: 0 auto; padding: 48px 20px 80px; }
.brand { margin: 0; color: var(--leaf); font-weight: 600; letter-spacing: .02em; }
h1, h2 { font-family: Georgia, 'Times New Roman', serif; font-weight: 500; line-height: 1.2; text-wrap: balance; }
h1 { margin: 8px 0 12px; font-size: clamp(30px, 6vw, 46px); }
h2 { margin: 0 0 6px; font-size: 26px; }
.lead { max-width: 60ch; font-size: 20px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px; margin: 32px 0; }
.figures div, section { background: var(--card); border: 1px solid var(--line); border-radius: 16px; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 16px 18px; }
dt { color: var(--faint); font-size: 15px; }
dd { margin: 0; font: 500 30px/1.2 Georgia, 'Times New Roman', serif; }
dd small { color: var(--faint); font: 500 15px system-ui, sans-serif; }
section { margin: 22px 0; padding: 26px clamp(16px, 4vw, 32px); }
section > p { margin: 0 0 18px; color: var(--faint); }
figure { margin: 0; overflow-x: auto; }
figure svg { width: 100%; min-width: 560px; height: auto; overflow: visible; }
table { width: 100%; margin-top: 18px; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 6px; border-bottom: 1px solid var(--line); text-align: right; }
th:first-child { text-align: left; font-weight: 500; }
.note { margin: 12px 0 0; font-size: 14px; }
@media print { body { background: none; } section { break-inside: avoid; } }
`;
