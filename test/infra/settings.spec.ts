import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { readManifest } from '../../functions/manifest.ts';
import { secretVariables, variablesByFunction } from '../../functions/src/config/variables.ts';
import { dryRun, stackConfiguration } from '../../infra/dry-run.ts';

const declarations = z
  .object({
    config: z.record(
      z.string(),
      z.strictObject({
        type: z.enum(['string', 'integer', 'boolean']),
        description: z.string().min(10),
        default: z.unknown().optional(),
        secret: z.boolean().default(false),
      }),
    ),
  })
  .parse(parse(readFileSync('infra/Pulumi.yaml', 'utf8'))).config;

async function errorOf(changes: Record<string, string | undefined>): Promise<string> {
  try {
    await dryRun('prod', changes);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('The configuration was accepted.');
}

describe('the configuration of a stack', () => {
  it('is refused before anything is provisioned, with every fault, its key and how to correct it', async () => {
    const error = await errorOf({
      'gcp:project': undefined,
      'farmacy:alertEmail': 'nobody',
      'farmacy:hashKey': undefined,
      'farmacy:tokenKeys': 'short-secret',
      'farmacy:protectData': 'perhaps',
      'farmacy:cooldown': 'a week or so',
      'farmacy:maxEmail': '4',
    });
    expect(error.split('\n').slice(1)).to.have.members([
      '- gcp:project: is not set',
      '- farmacy:alertEmail: Invalid email address',
      '- farmacy:hashKey: is not set',
      '- farmacy:tokenKeys: must have at least 32 characters',
      '- farmacy:protectData: Invalid option: expected one of "true"|"false"',
      '- farmacy:cooldown: must be a duration such as 7d, 48h, 90s or 800ms',
      '- farmacy:maxEmail: is not a setting; see infra/Pulumi.yaml and docs/configuration.md',
    ]);
    expect(error)
      .to.include('pulumi config set [--secret] KEY VALUE')
      .and.not.match(/short-secret|a week or so/u);
  });

  it('is declared in Pulumi.yaml if it has no default, and as a secret if it is one', () => {
    const required = Object.values(variablesByFunction).flatMap((variables) =>
      (variables.safeParse({}).error?.issues ?? []).map(({ path: [name] }) => String(name)),
    );
    const declared = Object.entries(declarations).flatMap(([key, { description, secret }]) => {
      const [, variable] = /^([A-Z][A-Z_]+)\. /u.exec(description) ?? [];
      return variable === undefined ? [] : [{ key, variable, secret }];
    });
    expect(declared.map(({ variable }) => variable)).to.have.members(
      [...new Set(required)].filter((name) => name !== 'UNSUBSCRIBE_URL'),
    );
    for (const { key, variable, secret } of declared) {
      expect(key.toLowerCase()).to.equal(variable.replaceAll('_', '').toLowerCase());
      expect(secret, key).to.equal(secretVariables.includes(variable));
    }
  });

  for (const stack of ['dev', 'prod'] as const) {
    it(`of the example ${stack} sets every key without a default, apart from secrets`, () => {
      const set = Object.keys(stackConfiguration(stack)).map((key) => key.replace('farmacy:', ''));
      const expected = Object.entries(declarations)
        .filter(([, { secret, ...declaration }]) => !secret && !('default' in declaration))
        .map(([key]) => key);
      expect(set).to.include.members(expected);
    });
  }

  it('is declared for every function of the manifest', () => {
    expect(Object.keys(variablesByFunction)).to.have.members(
      readManifest().functions.map(({ name }) => name),
    );
  });
});
