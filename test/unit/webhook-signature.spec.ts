import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { webhookVerifier } from '../../functions/src/adapters/sendgrid/webhook-signature.ts';
import { hour, minute, now } from '../support/transactions.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const verify = webhookVerifier(publicKey, hour, () => now);
const body = Buffer.from('[{"event":"open","email":"añn@example.com"}]\r\n');

function signed(at: number, what: Buffer = body, key = privateKey) {
  const timestamp = String(Math.floor(at / 1000));
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), what]), key).toString('base64');
  return { signature, timestamp };
}

describe('the signature of the webhook', () => {
  it('is genuine over the exact bytes of timestamp and body', () => {
    expect(verify(signed(now), body)).to.equal('genuine');
  });

  /** Key, signature and timestamp of the example in the tests of SendGrid's own libraries. */
  it('is genuine in an example of SendGrid', () => {
    const key =
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==';
    const example = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    const event = {
      email: 'hello@world.com',
      event: 'dropped',
      reason: 'Bounced Address',
      sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
      sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
      'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
      timestamp: 1600112492,
    };
    const headers = {
      signature:
        'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
      timestamp: '1600112502',
    };
    const then = webhookVerifier(example, hour, () => 1600112502_000);
    expect(then(headers, Buffer.from(`${JSON.stringify([event])}\r\n`))).to.equal('genuine');
    expect(then(headers, Buffer.from(JSON.stringify([event])))).to.equal('forged');
  });

  it('is forged after any change, or with another key', () => {
    const genuine = signed(now);
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    expect(verify(genuine, Buffer.concat([body, Buffer.from(' ')]))).to.equal('forged');
    expect(verify({ ...genuine, timestamp: String(now / 1000 - 1) }, body)).to.equal('forged');
    expect(verify(signed(now, body, other), body)).to.equal('forged');
    for (const signature of ['', 'garbage', '====', genuine.signature.slice(0, 40)]) {
      expect(verify({ ...genuine, signature }, body), signature).to.equal('forged');
    }
  });

  it('is outdated when it is too old or from the future', () => {
    expect(verify(signed(now - hour), body)).to.equal('genuine');
    expect(verify(signed(now - hour - 1000), body)).to.equal('outdated');
    expect(verify(signed(now + 5 * minute), body)).to.equal('genuine');
    expect(verify(signed(now + 5 * minute + 1000), body)).to.equal('outdated');
  });

  it('is outdated when its timestamp is not a time', () => {
    const timestamp = 'noon';
    const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString(
      'base64',
    );
    expect(verify({ signature, timestamp }, body)).to.equal('outdated');
  });
});
