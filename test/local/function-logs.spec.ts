import { expect } from 'chai';
import { createLog } from '../../functions/src/log.ts';
import { parseFunctionLog } from '../../local/stack/function-logs.ts';

describe('reading the logs of the functions', () => {
  it('parses the lines that the emulators print', () => {
    const lines: string[] = [];
    const message = { messageId: '7', topic: 'transactions', data: Buffer.from('x'), attributes: {} };
    createLog(undefined, (line) => lines.push(`>  ${line}`)).messageQuarantined(message, {
      reason: 'invalid-json',
      details: ['the message data is not JSON'],
    });
    expect(parseFunctionLog(lines[0] ?? '')).to.deep.include({
      event: 'message-quarantined',
      messageId: '7',
      reason: 'invalid-json',
    });
  });

  const notOurs = {
    'a line of the emulators themselves': 'i  functions: Beginning execution of "recordTransaction"',
    'text of a function': '>  hello',
    'a torn line': '>  {"event":"transaction-recorded",}',
    'an event that nobody waits for': '>  {"event":"content-fallback","customerId":"c"}',
    'JSON that is no log': '>  {"a":1}',
    'a log that nobody marked': '{"event":"transaction-recorded","messageId":"1"}',
  };
  for (const [what, line] of Object.entries(notOurs)) {
    it(`ignores ${what}`, () => {
      expect(parseFunctionLog(line)).to.equal(undefined);
    });
  }
});
