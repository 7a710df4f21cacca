import { expect } from 'chai';
import { load } from 'cheerio';
import { PurchaseHistory } from '../../operations/report/history.ts';
import { placeLabel } from '../../operations/report/place.ts';
import { placesPlot } from '../../operations/report/plots.ts';

/** The labels of the places in the plot, the busiest first. */
function labelsOf(...places: string[]): string[] {
  const history = new PurchaseHistory();
  for (const [id, place] of places.entries()) history.add({ id: `${id}`, occurredAt: 0, hour: 0, place });
  const $ = load(placesPlot(history));
  const labels = $('[aria-label="y-axis tick label"] text');
  return [...labels].map((label) => $(label).text());
}

describe('the label of a place', () => {
  it('is its name', () => {
    expect(placeLabel({ id: 'till-1', name: 'Central Station' })).to.equal('Central Station');
    expect(placeLabel({ id: 'till-1', name: 'كافيه السلام' })).to.equal('كافيه السلام');
  });

  it('is its ID when the name is absent, shows nothing or is damaged', () => {
    for (const name of [
      undefined,
      '',
      '  ',
      '\u3164',
      '\u2800',
      '\u200b',
      '\u202e',
      '\u034f',
      '\ufe0f',
      'Caf\ufffd',
    ]) {
      expect(placeLabel({ id: 'till-1', ...(name !== undefined && { name }) })).to.equal('till-1');
    }
    expect(placeLabel({ id: '\u202e', name: '' })).to.equal('a place without a name');
  });

  it('changes no reading direction', () => {
    expect(placeLabel({ id: 'till-1', name: 'Station\u202e tsaE\u202c' })).to.equal('Station tsaE');
  });

  it('is cut between characters, never within one', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(labelsOf('Central Station East🥗🥗')).to.deep.equal(['Central Station East🥗🥗']);
    expect(labelsOf(family.repeat(30))).to.deep.equal([`${family.repeat(21)}…`]);
  });
});
