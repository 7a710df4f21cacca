import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { analyticsClient } from '../../functions/src/adapters/analytics/client.ts';
import { loadCompiledTemplates } from '../../functions/src/adapters/liquid/compiled-templates.ts';
import type { VariableDeclaration } from '../../functions/src/adapters/liquid/declaration.ts';
import { liquidTemplates } from '../../functions/src/adapters/liquid/templates.ts';
import { locales, type ContentQuestion, type ProposedContent } from '../../functions/src/domain/content.ts';
import { PermanentError, RetryableError } from '../../functions/src/errors.ts';
import { faultsIn } from '../../local/stand-ins/analytics/contract.ts';
import { startAnalyticsStandIn, type AnalyticsStandIn } from '../../local/stand-ins/analytics/stand-in.ts';

const compiled = loadCompiledTemplates();
const templates = liquidTemplates(compiled);

function questionAbout(category: string, place = 'Central Station'): ContentQuestion {
  return {
    customerId: 'c0ffee',
    stage: 'transactional',
    locale: 'en',
    sequence: 1,
    transaction: {
      occurredAt: Date.UTC(2026, 2, 2, 12),
      source: 'smart-fridge',
      location: { id: 'fridge-17', name: place },
      items: [{ sku: 's-1', name: 'Something', category, quantity: 1, unitPrice: 500 }],
    },
  };
}

describe('the Analytics stand-in', () => {
  let standIn: AnalyticsStandIn;
  before(async () => {
    standIn = await startAnalyticsStandIn();
  });
  after(() => standIn.close());

  const ask = (question: ContentQuestion, timeout = 5_000) =>
    analyticsClient({ url: standIn.url, timeout, auth: 'none', audience: standIn.url }).ask(question);

  const send = (method: string, path: string, body: unknown) =>
    fetch(standIn.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  describe('answers a purchase', () => {
    for (const category of ['bowls', 'Soups', 'breakfast']) {
      for (const stage of ['transactional', 'registered'] as const) {
        for (const locale of locales) {
          it(`of ${category} by a ${stage} customer in ${locale}, within the contract and the template`, async () => {
            for (const place of [
              'Central Station',
              'A place whose name goes on for longer than any text allows',
            ]) {
              const question = { ...questionAbout(category, place), stage, locale };
              const answer = await ask(question);
              expect(faultsIn(answer, 'Answer')).to.be.empty;
              expect(
                templates.contentFrom(answer as ProposedContent, question).subject,
              ).to.have.lengthOf.at.most(60);
            }
          });
        }
      }
    }
    it('with its place, when the name of the place is short enough', async () => {
      expect(JSON.stringify(await ask(questionAbout('soup', 'Bakery "Anna"')))).to.include(
        'Bakery \\"Anna\\"',
      );
      const answer = JSON.stringify(await ask(questionAbout('soup', '')));
      expect(answer).to.include('your fridge').and.to.not.include('PLACE');
    });
    it('without content when it does not know the items', async () => {
      const { transaction, ...unbought } = questionAbout('umbrellas');
      expect(transaction).to.exist;
      expect(await ask(questionAbout('umbrellas'))).to.equal(undefined);
      expect(await ask(unbought)).to.equal(undefined);
    });
  });

  describe('refuses a question', () => {
    const good = { customerId: 'c0ffee', stage: 'transactional', locale: 'en', sequence: 1 };
    const cases: [string, object, string][] = [
      ['that tells an address', { ...good, email: 'ann@example.org' }, 'email'],
      ['whose pseudonym is an address', { ...good, customerId: 'ann@example.org' }, '/customerId'],
      ['without a stage', { ...good, stage: undefined }, 'stage'],
      ['in another language', { ...good, locale: 'fr' }, '/locale'],
      ['about an email before the first', { ...good, sequence: 0 }, '/sequence'],
      [
        'about a purchase with prices',
        {
          ...good,
          transaction: {
            occurredAt: '2026-03-02T12:00:00Z',
            source: 'mobile-app',
            items: [{ name: 'x', quantity: 1, unitPrice: 1 }],
          },
        },
        '/transaction/items/0',
      ],
    ];
    for (const [what, question, field] of cases) {
      it(what, async () => {
        const response = await send('POST', '/v1/content', question);
        const answer = (await response.json()) as { faults: string[] };
        expect(response.status).to.equal(400);
        expect(faultsIn(answer, 'Faults')).to.be.empty;
        expect(answer.faults).to.have.lengthOf(1);
        expect(answer.faults[0]).to.include(field).and.to.not.include('ann@');
      });
    }
  });

  describe('can be set', () => {
    afterEach(() => send('PUT', '/stand-in/mode', { mode: 'normal' }));

    const question = questionAbout('bowls');
    async function failureIn(mode: object, timeout?: number): Promise<unknown> {
      expect((await send('PUT', '/stand-in/mode', mode)).status).to.equal(204);
      return ask(question, timeout).then(
        () => undefined,
        (error: unknown) => error,
      );
    }

    for (const mode of ['error', 'html', 'huge', 'down']) {
      it(`to fail: ${mode}`, async () => {
        expect(await failureIn({ mode })).to.be.instanceOf(RetryableError);
      });
    }
    for (const mode of ['wrong-template', 'missing-variables']) {
      it(`to break the contract: ${mode}`, async () => {
        expect(await failureIn({ mode })).to.equal(undefined);
        const answer = await ask(question);
        expect(faultsIn(answer, 'Answer')).to.not.be.empty;
        expect(() => templates.contentFrom(answer as ProposedContent, question)).to.throw(PermanentError);
      });
    }
    it('to answer late', async () => {
      expect(await failureIn({ mode: 'slow', delay: 1_000 }, 50)).to.be.instanceOf(RetryableError);
      expect(await failureIn({ mode: 'slow', delay: 20 })).to.equal(undefined);
    });
    it('to be hostile within the contract, which makes no harmful email', async () => {
      expect(await failureIn({ mode: 'hostile' })).to.equal(undefined);
      const answer = await ask(question);
      expect(faultsIn(answer, 'Answer')).to.be.empty;
      const content = templates.contentFrom(answer as ProposedContent, question);
      const links = {
        join: 'https://farmacyfamily.com/join',
        unsubscribe: 'https://farmacyfamily.com/unsubscribe',
      };
      const sender = { name: 'Farmacy Family', postalAddress: '1 Market Square, Springfield' };
      const { html, subject } = templates.render({ content, locale: 'en', links, sender });
      expect(html)
        .to.include('&lt;script&gt;')
        .and.to.not.match(/<script>|<img src=x/u);
      expect(subject).to.include('{{ name }}');
    });
    it('but not to an unknown mode', async () => {
      expect((await send('PUT', '/stand-in/mode', { mode: 'angry' })).status).to.equal(400);
    });
  });
});

describe('the contract with Analytics', () => {
  const contract = parse(readFileSync('docs/analytics.openapi.yaml', 'utf8')) as {
    paths: { '/v1/content': { post: Operation } };
    components: { schemas: Record<string, Schema> };
  };
  interface Operation {
    requestBody: Message;
    responses: Record<'200', Message>;
  }
  interface Message {
    content: { 'application/json': { example: unknown } };
  }
  interface Schema {
    required?: string[];
    properties: Record<string, unknown>;
  }
  const { schemas } = contract.components;

  it('holds in its own examples', () => {
    const { requestBody, responses } = contract.paths['/v1/content'].post;
    expect(faultsIn(requestBody.content['application/json'].example, 'Question')).to.be.empty;
    expect(faultsIn(responses['200'].content['application/json'].example, 'Answer')).to.be.empty;
  });

  /** A variable as the contract has to describe it. */
  function described(declaration: VariableDeclaration): unknown {
    const { about: description } = declaration;
    switch (declaration.type) {
      case 'text':
        return { type: 'string', minLength: 1, maxLength: declaration.maxLength, description };
      case 'url':
        return { type: 'string', format: 'uri', pattern: '^https://', maxLength: 2000, description };
      case 'list': {
        const { minItems, maxItems } = declaration;
        return {
          type: 'array',
          description,
          minItems,
          maxItems,
          items: { $ref: '#/components/schemas/Point' },
        };
      }
    }
  }

  const cases = { join: 'JoinVariables', 'first-steps': 'FirstStepsVariables' };
  it('knows every template', () => {
    expect(Object.keys(compiled.templates)).to.have.members(Object.keys(cases));
  });
  for (const [template, name] of Object.entries(cases)) {
    it(`asks for the variables that the template ${template} declares`, () => {
      const variables = Object.entries(compiled.templates[template]?.variables ?? {});
      const schema = schemas[name];
      const wanted = Object.fromEntries(
        variables.map(([variable, declared]) => [variable, described(declared)]),
      );
      expect(schema?.properties).to.deep.equal(wanted);
      expect(schema?.required).to.have.members(
        variables.flatMap(([key, { optional }]) => (optional ? [] : [key])),
      );
    });
    it(`asks for list items as the template ${template} declares them`, () => {
      for (const declared of Object.values(compiled.templates[template]?.variables ?? {})) {
        if (declared.type !== 'list') continue;
        const fields = Object.entries(declared.fields).map(([field, { maxLength }]) => [
          field,
          { type: 'string', minLength: 1, maxLength },
        ]);
        expect(schemas['Point']?.properties).to.deep.equal(Object.fromEntries(fields));
      }
    });
  }
});
