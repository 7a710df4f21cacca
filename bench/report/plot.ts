/// <reference lib="dom" />
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** The colours of the emails, on their own background: a picture does not know whether its page is dark. */
export const colours = {
  paper: '#fbf7ef',
  ink: '#22302a',
  leaf: '#1f5c46',
  citrus: '#c9730b',
  berry: '#7b2346',
};

/** `1,234` */
export const inWhole = (value: number): string => value.toLocaleString('en');

/** A plot that stands alone, with its title for whoever sees it and its subject for whoever cannot. */
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
  // A page does without it, a file does not.
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${plot.outerHTML}\n`;
}
