import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { resumeEmailsConfig, targetCustomerConfig } from '../../functions/src/config/sending.ts';
import { configurationDocument } from '../../functions/configuration.ts';
import {
  configVariables,
  ingestTransactionsVariables,
  quarantineVariables,
  recordDeliveryVariables,
  recordTransactionVariables,
  unsubscribeVariables,
} from '../../functions/src/config/variables.ts';
import { ConfigError, parseEnvironment } from '../../functions/src/config/environment.ts';
import { sendingPolicy } from '../support/customers.ts';
import { day, hour } from '../support/transactions.ts';

const key = 'k'.repeat(32);
const sending = {
  TOKEN_KEYS: key,
  SENDGRID_API_KEY: 'SG.test',
  SENDER_EMAIL: 'family@farmacy.example',
  SENDER_NAME: 'Farmacy Family',
  SENDER_POSTAL_ADDRESS: '1 Garden Way, Springfield',
  JOIN_URL: 'https://farmacy.example/join',
  UNSUBSCRIBE_URL: 'https://farmacy.example/unsubscribe',
};

describe('the configuration', () => {
  it('of recordTransaction has defaults for everything but the key', () => {
    const env = { HASH_KEY: key, GCLOUD_PROJECT: 'demo-farmacy' };
    expect(parseEnvironment(recordTransactionVariables, env)).to.deep.equal({
      QUARANTINE_RETENTION: 90 * day,
      HASH_KEY: key,
      CONTROL_GROUP_SHARE: 0,
      TRANSACTION_RETENTION: 730 * day,
    });
  });

  it('of quarantineDeadLetter has a default for everything', () => {
    expect(parseEnvironment(quarantineVariables, {})).to.deep.equal({ QUARANTINE_RETENTION: 90 * day });
  });

  it('of ingestTransactions allows several keys for a vendor, for the time of a rotation', () => {
    const VENDOR_KEYS = `acme:${key}1, acme:${key}2,cool-fridges:${key}==`;
    expect(parseEnvironment(ingestTransactionsVariables, { VENDOR_KEYS })).to.deep.equal({
      VENDOR_KEYS: [
        { vendor: 'acme', key: `${key}1` },
        { vendor: 'acme', key: `${key}2` },
        { vendor: 'cool-fridges', key: `${key}==` },
      ],
      PUBLISH_TIMEOUT: 10_000,
    });
  });

  for (const [what, VENDOR_KEYS, fault] of [
    ['a missing key', 'acme', 'must be pairs'],
    ['a short key', `acme:${key.slice(1)}`, 'must be pairs'],
    ['a key that no header can hold', `acme:${key} x`, 'must be pairs'],
    ['a missing vendor', `:${key}`, 'must be pairs'],
    ['a vendor in capitals', `ACME:${key}`, 'must be pairs'],
    ['a trailing comma', `acme:${key},`, 'must be pairs'],
    ['the key of another vendor', `acme:${key},rival:${key}`, 'must not give one key twice'],
  ] as const) {
    it(`rejects ${what} in the list of vendors`, () => {
      expect(() => parseEnvironment(ingestTransactionsVariables, { VENDOR_KEYS }))
        .to.throw(ConfigError, `- VENDOR_KEYS: ${fault}`)
        .with.property('message')
        .that.does.not.include('kkkk');
    });
  }

  it('of targetCustomer has defaults for everything but secrets, sender and links', () => {
    const config = targetCustomerConfig(sending);
    expect(config.outreachPolicy).to.deep.equal({
      cooldown: 7 * day,
      maxEmails: 4,
      maxTransactionAge: 48 * hour,
    });
    expect(config.analytics).to.equal(undefined);
    expect(config.sendgrid).to.deep.equal({
      apiKey: 'SG.test',
      region: 'global',
      timeout: 8_000,
      sandbox: false,
      sender: { email: 'family@farmacy.example', name: 'Farmacy Family' },
    });
  });

  it('of resumeEmails equals that of targetCustomer, with only the limits of outreach', () => {
    const { outreachPolicy, ...sendingConfig } = targetCustomerConfig(sending);
    expect(resumeEmailsConfig(sending)).to.deep.equal({
      ...sendingConfig,
      limits: { cooldown: outreachPolicy.cooldown, maxEmails: outreachPolicy.maxEmails },
    });
    expect(resumeEmailsConfig(sending).sendingPolicy).to.deep.equal({
      ...sendingPolicy,
      webhookConfigured: false,
    });
  });

  it('of unsubscribe holds every key that may have signed a link', () => {
    const env = { ...sending, TOKEN_KEYS: `${key}1,${key}2` };
    expect(parseEnvironment(unsubscribeVariables, env)).to.deep.equal({
      TOKEN_KEYS: [`${key}1`, `${key}2`],
      SENDER_NAME: 'Farmacy Family',
      SENDER_POSTAL_ADDRESS: '1 Garden Way, Springfield',
      PAGE_TIMEOUT: 10_000,
    });
  });

  it('accepts durations with units', () => {
    expect(targetCustomerConfig({ ...sending, COOLDOWN: '90 minutes' }).outreachPolicy.cooldown).to.equal(
      1.5 * hour,
    );
    expect(targetCustomerConfig({ ...sending, COOLDOWN: '0s' }).outreachPolicy.cooldown).to.equal(0);
  });

  it('takes the service of ANALYTICS_URL as the default audience of identity tokens', () => {
    const ANALYTICS_URL = 'https://analytics.example/base';
    expect(targetCustomerConfig({ ...sending, ANALYTICS_URL }).analytics).to.deep.equal({
      url: ANALYTICS_URL,
      timeout: 800,
      auth: 'oidc',
      audience: 'https://analytics.example',
    });
  });

  it('signs links with the first key', () => {
    const TOKEN_KEYS = `${key}1, ${key}2`;
    expect(targetCustomerConfig({ ...sending, TOKEN_KEYS }).unsubscribe.tokenKey).to.equal(`${key}1`);
  });

  it('reports all its faults at once, without any value', () => {
    const faulty = {
      ...sending,
      SENDER_NAME: '',
      COOLDOWN: 'a week or so',
      MAX_EMAILS: '-1',
      MAX_TRANSACTION_AGE: '-2d',
      SENDER_EMAIL: 'no-address',
      TOKEN_KEYS: 'short-secret',
      JOIN_URL: 'ftp://farmacy.example',
      SENDGRID_REGION: 'mars',
      SENDGRID_SANDBOX: 'maybe',
    };
    const faults = [
      'SENDER_NAME',
      'COOLDOWN',
      'MAX_EMAILS',
      'MAX_TRANSACTION_AGE',
      'SENDER_EMAIL',
      'TOKEN_KEYS',
      'JOIN_URL',
      'SENDGRID_REGION',
      'SENDGRID_SANDBOX',
    ];
    expect(() => targetCustomerConfig(faulty))
      .to.throw(ConfigError)
      .with.property('message')
      .that.satisfies((message: string) => faults.every((name) => message.includes(`- ${name}: `)))
      .and.to.include('- SENDER_NAME: is not set')
      .and.not.match(/short-secret|no-address|mars|week or so/);
  });

  it('of recordDelivery holds a public key for signatures, and rejects any other', () => {
    const publicKeyOver = (namedCurve: string) =>
      generateKeyPairSync('ec', { namedCurve })
        .publicKey.export({ format: 'der', type: 'spki' })
        .toString('base64');
    const links = { JOIN_URL: sending.JOIN_URL, UNSUBSCRIBE_URL: sending.UNSUBSCRIBE_URL };
    const { WEBHOOK_PUBLIC_KEY: publicKey, ...others } = parseEnvironment(recordDeliveryVariables, {
      ...links,
      WEBHOOK_PUBLIC_KEY: publicKeyOver('prime256v1'),
    });
    expect(others).to.deep.equal({ ...links, ATTRIBUTION_WINDOW: 30 * day, WEBHOOK_TOLERANCE: 25 * hour });
    expect(publicKey.asymmetricKeyType).to.equal('ec');
    for (const WEBHOOK_PUBLIC_KEY of ['', 'no key', publicKeyOver('secp384r1')]) {
      expect(() => parseEnvironment(recordDeliveryVariables, { ...links, WEBHOOK_PUBLIC_KEY })).to.throw(
        ConfigError,
        'WEBHOOK_PUBLIC_KEY',
      );
    }
  });

  it('rejects a control group share above 1', () => {
    expect(() =>
      parseEnvironment(recordTransactionVariables, { HASH_KEY: key, CONTROL_GROUP_SHARE: '10' }),
    ).to.throw(ConfigError, 'CONTROL_GROUP_SHARE');
  });

  it('is described in docs/configuration.md (if not, run: npm run configuration)', async () => {
    const text = await readFile('docs/configuration.md', 'utf8');
    expect(text).to.equal(configurationDocument());
    for (const variable of configVariables) expect(text).to.include(`| \`${variable}\` `);
  });
});
