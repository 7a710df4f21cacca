/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** The colours of the emails. The plot has a background of its own, because the page may be light or dark. */
export const colours = {
  paper: '#fbf7ef',
  ink: '#22302a',
  leaf: '#1f5c46',
  citrus: '#c9730b',
  berry: '#7b2346',
};

/** A plot as a complete SVG file. The title is also its label for screen readers. */
export function drawn(title: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const plot = Plot.plot({
    width: 860,
    marginTop: 50,
    marginBottom: 44,
    marginLeft: 60,
    ariaLabel: title,
    style: {
      background: colours.paper,
      color: colours.ink,
      fontFamily: 'system-ui, sans-serif',
      fontSize: '13px',
    },
    ...options,
    marks: [
      ...(options.marks ?? []),
      Plot.text([title], {
        facet: 'super',
        frameAnchor: 'top-left',
        dy: -38,
        fontSize: 17,
        fontWeight: 'bold',
      }),
    ],
    document,
  });
  // Needed in a file of its own, though not inside HTML.
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${plot.outerHTML}\n`;
}
