import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

/**
 * Calls a function under the framework three times. It answers two calls with the async ID of its promise, which is 0
 * unless Node tracks promises, and fails in the third.
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

  it('answer as before, and Node tracks no promise', async () => {
    const [first, second, rejected] = await run('serveWithoutDomains();');
    expect([first, second]).to.deep.equal(['200 0', '200 0']);
    expect(rejected).to.match(/^500 /u);
  });

  it('are necessary: without them Node tracks every promise', async () => {
    const [, second] = await run('');
    expect(second).to.match(/^200 [1-9]\d*$/u);
  });
});
