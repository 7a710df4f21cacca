import { expect } from 'chai';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const documents = [...globSync('*.md'), ...globSync('docs/**/*.md')];

/** Where the links and pictures of a document lead inside the repository, without the part of the page. */
function filesLinkedFrom(document: string): string[] {
  return [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/gu)].map(([, target = '']) =>
    path.join(path.dirname(document), target),
  );
}

describe('the documentation', () => {
  for (const document of documents) {
    it(`leads from ${document} to nothing but what there is`, () => {
      expect(filesLinkedFrom(document).filter((file) => !existsSync(file))).to.deep.equal([]);
    });
  }
});

describe('what the documentation of privacy promises', () => {
  interface Override {
    readonly collectionGroup: string;
    readonly fieldPath: string;
    readonly ttl?: boolean;
  }
  const { fieldOverrides } = JSON.parse(readFileSync('firestore.indexes.json', 'utf8')) as {
    fieldOverrides: Override[];
  };

  it('is that Firestore deletes transactions, emails and quarantined messages that have expired', () => {
    const expiring = fieldOverrides.filter(({ ttl, fieldPath }) => ttl === true && fieldPath === 'expireAt');
    expect(expiring.map(({ collectionGroup }) => collectionGroup)).to.have.members([
      'transactions',
      'emails',
      'quarantine',
    ]);
  });

  it('is how long each is kept by default, as the configuration has it', () => {
    const promised = readFileSync('docs/privacy.md', 'utf8');
    const configured = readFileSync('docs/configuration.md', 'utf8');
    for (const variable of ['TRANSACTION_RETENTION', 'EMAIL_RETENTION', 'QUARANTINE_RETENTION']) {
      const [, days = 'nothing'] = new RegExp(`\`${variable}\`.*\`(\\d+)d\``, 'u').exec(configured) ?? [];
      expect(promised).to.include(`\`${variable}\`, ${days} days`);
    }
  });
});
