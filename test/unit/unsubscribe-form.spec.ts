import { expect } from 'chai';
import fc from 'fast-check';
import { decodeUnsubscribeForm } from '../../functions/src/messages/unsubscribe-form.ts';

const URL_ENCODED = 'application/x-www-form-urlencoded';
const oneClick = { choice: 'stop', how: 'one-click' };

const read = (contentType: string, body: string) => decodeUnsubscribeForm(contentType, Buffer.from(body));

/** A multipart form with one field, as mail clients write it. */
function multipart(
  name: string,
  value: string,
  { eol = '\r\n', boundary = 'b1', headers = '' } = {},
): string {
  const lines = [`--${boundary}`, `Content-Disposition: form-data; name="${name}"${headers}`, '', value];
  return [...lines, `--${boundary}--`, ''].join(eol);
}

describe('an unsubscribe form', () => {
  it('comes from a mail client for one click, URL-encoded', async () => {
    expect(await read(URL_ENCODED, 'List-Unsubscribe=One-Click')).to.deep.equal(oneClick);
    expect(await read(`${URL_ENCODED}; charset=UTF-8`, 'List-Unsubscribe=One-Click')).to.deep.equal(oneClick);
  });

  it('comes from a mail client for one click, as multipart', async () => {
    const body = multipart('List-Unsubscribe', 'One-Click');
    expect(await read('multipart/form-data; boundary=b1', body)).to.deep.equal(oneClick);
    expect(await read('Multipart/Form-Data; charset=utf-8; boundary="b1"', body)).to.deep.equal(oneClick);
    const typed = multipart('List-Unsubscribe', 'One-Click', { headers: '\r\nContent-Type: text/plain' });
    expect(await read('multipart/form-data; boundary=b1', typed)).to.deep.equal(oneClick);
    const lineFeeds = multipart('List-Unsubscribe', 'One-Click', { eol: '\n' });
    expect(await read('multipart/form-data; boundary=b1', lineFeeds)).to.deep.equal(oneClick);
  });

  it('may be a multipart form as Node writes it', async () => {
    const form = new FormData();
    form.set('from', 'elsewhere');
    form.set('List-Unsubscribe', 'One-Click');
    const request = new Request('http://localhost', { method: 'POST', body: form });
    const contentType = request.headers.get('content-type') ?? '';
    expect(contentType).to.match(/^multipart\/form-data; boundary=/u);
    expect(await read(contentType, await request.text())).to.deep.equal(oneClick);
  });

  it('comes from a mail client for one click when white space surrounds it, or when there is nothing else', async () => {
    expect(await read(URL_ENCODED, '\r\n List-Unsubscribe=One-Click\r\n')).to.deep.equal(oneClick);
    expect(
      await read('multipart/form-data; boundary=b1', `\n${multipart('List-Unsubscribe', 'One-Click')}\n`),
    ).to.deep.equal(oneClick);
    for (const [contentType, body] of [
      ['', ''],
      [URL_ENCODED, ''],
      [URL_ENCODED, ' \r\n'],
      ['text/plain', ''],
    ] as const) {
      expect(await read(contentType, body)).to.deep.equal(oneClick);
    }
  });

  it('is read whatever bytes are beside it', async () => {
    const body = Buffer.from('List-Unsubscribe=One-Click&note=\xff\xfe', 'latin1');
    expect(await decodeUnsubscribeForm(URL_ENCODED, body)).to.deep.equal(oneClick);
  });

  for (const choice of ['stop', 'pause', 'undo'] as const) {
    it(`comes from the button ${choice} on the page`, async () => {
      expect(await read(URL_ENCODED, `choice=${choice}`)).to.deep.equal({ choice, how: 'page' });
    });
  }

  for (const [contentType, body] of [
    [URL_ENCODED, 'choice=everything'],
    [URL_ENCODED, 'list-unsubscribe=one-click'],
    ['multipart/form-data', multipart('List-Unsubscribe', 'One-Click')],
    ['multipart/form-data; boundary=b2', multipart('List-Unsubscribe', 'One-Click')],
    ['multipart/form-data; boundary=b1', multipart('filename', 'One-Click')],
    ['application/json', '{"choice":"stop"}'],
  ] as const) {
    it(`is not ${contentType}: ${JSON.stringify(body)}`, async () => {
      expect(await read(contentType, body)).to.equal(undefined);
    });
  }

  it('means one click even with an extra line break or another content type', async () => {
    expect(await read(URL_ENCODED, 'List-Unsubscribe=One-Click\r\n')).to.deep.equal(oneClick);
    expect(await read('', 'List-Unsubscribe=One-Click')).to.deep.equal(oneClick);
    expect(await read('text/plain', 'List-Unsubscribe=One-Click\r\n')).to.deep.equal(oneClick);
    expect(await read('multipart/form-data', 'List-Unsubscribe=One-Click')).to.deep.equal(oneClick);
  });

  it('never makes the decoder throw, for any body', async () => {
    const contentTypes = fc.constantFrom(URL_ENCODED, 'multipart/form-data; boundary=b1', '');
    const pieces = fc.constantFrom(
      '--b1',
      '\r\n',
      '\n',
      'Content-Disposition: form-data; name="',
      '"',
      '=',
      '%',
      '\0',
    );
    const bodies = fc.array(fc.oneof(pieces, fc.string())).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(contentTypes, bodies, async (contentType, body) => {
        expect(await read(contentType, body)).to.deep.equal(body.trim() === '' ? oneClick : undefined);
      }),
    );
  });
});
