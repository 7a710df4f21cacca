import { expect } from 'chai';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const documents = [...globSync('*.md'), ...globSync('docs/**/*.md')];

/** The files in the repository that the links and images of a document lead to, without fragments. */
function filesLinkedFrom(document: string): string[] {
  return [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/gu)].map(([, target = '']) =>
    path.join(path.dirname(document), target),
  );
}

describe('the documentation', () => {
  for (const document of documents) {
    it(`has no broken link in ${document}`, () => {
      expect(filesLinkedFrom(document).filter((file) => !existsSync(file))).to.deep.equal([]);
    });
  }
});

describe('docs/privacy.md', () => {
  interface Override {
    readonly collectionGroup: string;
    readonly fieldPath: string;
    readonly ttl?: boolean;
  }
  const { fieldOverrides } = JSON.parse(readFileSync('firestore.indexes.json', 'utf8')) as {
    fieldOverrides: Override[];
  };

  it('is right that Firestore deletes expired transactions, emails and quarantined messages', () => {
    const expiring = fieldOverrides.filter(({ ttl, fieldPath }) => ttl === true && fieldPath === 'expireAt');
    expect(expiring.map(({ collectionGroup }) => collectionGroup)).to.have.members([
      'transactions',
      'emails',
      'quarantine',
    ]);
  });

  it('gives the default retention of each as configured', () => {
    const promised = readFileSync('docs/privacy.md', 'utf8');
    const configured = readFileSync('docs/configuration.md', 'utf8');
    for (const variable of ['TRANSACTION_RETENTION', 'EMAIL_RETENTION', 'QUARANTINE_RETENTION']) {
      const [, days = 'nothing'] = new RegExp(`\`${variable}\`.*\`(\\d+)d\``, 'u').exec(configured) ?? [];
      expect(promised).to.include(`\`${variable}\`, ${days} days`);
    }
  });
});
