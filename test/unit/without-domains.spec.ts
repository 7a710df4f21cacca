import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

/**
 * A function under the framework is asked twice and answers with the ID that Node's async hooks know its promise by: 0
 * unless promises are tracked. Asked a third time, it fails.
 */
const program = (preparation: string) => `
  import { executionAsyncId } from 'node:async_hooks';
  import { once } from 'node:events';
  import { cloudEvent } from '@google-cloud/functions-framework';
  import { getTestServer } from '@google-cloud/functions-framework/testing';
  import { serveWithoutDomains } from './functions/src/framework/without-domains.ts';
  ${preparation}
  cloudEvent('asked', async ({ data }) => {
    await undefined;
    if (data.how === 'reject') throw new Error('rejected');
    return executionAsyncId();
  });
  const server = getTestServer('asked').listen(0);
  await once(server, 'listening');
  const ask = async (how) => {
    const headers = { 'content-type': 'application/json', 'ce-id': '1', 'ce-type': 't', 'ce-source': 's', 'ce-specversion': '1.0' };
    const url = 'http://127.0.0.1:' + server.address().port;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ how }) });
    return response.status + ' ' + await response.text();
  };
  console.log(JSON.stringify([await ask('first'), await ask('second'), await ask('reject')]));
  process.exit();
`;

describe('functions without domains', function () {
  this.timeout(20_000);
  const run = async (preparation: string) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      program(preparation),
    ]);
    return JSON.parse(stdout.split('\n').find((line) => line.startsWith('[')) ?? '') as string[];
  };

  it('are answered as ever, and no promise is tracked', async () => {
    const [first, second, rejected] = await run('serveWithoutDomains();');
    expect([first, second]).to.deep.equal(['200 0', '200 0']);
    expect(rejected).to.match(/^500 /u);
  });

  it('would have all promises tracked otherwise, which is why', async () => {
    const [, second] = await run('');
    expect(second).to.match(/^200 [1-9]\d*$/u);
  });
});
