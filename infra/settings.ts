import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { DeployedFunction } from '../functions/manifest.ts';
import { variableFaults } from '../functions/src/config/environment.ts';
import { secretVariables, variablesByFunction } from '../functions/src/config/variables.ts';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The settings of the infrastructure. All other settings of a stack are variables of the functions. */
const infrastructure = z.object({
  protectData: flag,
  monitoring: flag,
  alertEmail: z.email(),
  billingAccount: z
    .string()
    .regex(/^[\dA-F]{6}(-[\dA-F]{6}){2}$/u, { error: 'must look like 0X0X0X-0X0X0X-0X0X0X' })
    .optional(),
  /** Per month, in units of the billing account's currency. */
  monthlyBudget: z.coerce.number().int().positive().default(25),
});

export interface Settings extends z.output<typeof infrastructure> {
  readonly project: string;
  /** The variables of a function that are not secret. */
  environmentOf(functionName: string): Record<string, string>;
  /** The names of the secret variables that a function reads. */
  secretsOf(functionName: string): string[];
  /** The values of all secret variables, by name. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * Reads and checks the configuration of the stack. Each variable of the functions (docs/configuration.md) is set by its
 * name in camel case: SENDER_EMAIL as `senderEmail`.
 * @param defaults returns the variables that follow from what is provisioned.
 * @throws pulumi.RunError that lists every fault and says how to correct it.
 */
export function readSettings(
  functions: readonly DeployedFunction[],
  defaults: (project: string) => Readonly<Record<string, string>>,
): Settings {
  const project = new pulumi.Config('gcp').get('project') ?? '';
  const configuration = projectConfiguration();
  const variables = { ...defaults(project), ...variablesIn(configuration) };
  const parsed = infrastructure.safeParse(configuration);
  const faults = [
    ...(project === '' ? ['gcp:project: is not set'] : []),
    ...(parsed.success ? [] : faultsIn(parsed.error, configuration, String)),
    ...functions.flatMap(({ name }) => faultsInVariables(name, variables)),
    ...unknownKeys(configuration),
  ];
  if (faults.length > 0 || !parsed.success) throw configurationError(faults);

  const read = (name: string, secret: boolean) =>
    variableNames(name).filter((it) => it in variables && secretVariables.includes(it) === secret);
  const secretNames = new Set(functions.flatMap(({ name }) => read(name, true)));
  return {
    ...parsed.data,
    project,
    environmentOf: (name) => Object.fromEntries(read(name, false).map((it) => [it, variables[it] ?? ''])),
    secretsOf: (name) => read(name, true),
    secrets: Object.fromEntries(
      [...secretNames].map((it) => [it, new pulumi.Config().requireSecret(keyOf(it))]),
    ),
  };
}

type Values = Readonly<Record<string, string>>;

/** The configuration of this Pulumi project, by key without the project's name. Secrets are in plain text. */
function projectConfiguration(): Values {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** The variables of the functions that the stack sets, by the names that the functions use. */
function variablesIn(configuration: Values): Values {
  const entries = allVariables().flatMap((name) => {
    const value = configuration[keyOf(name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

function allVariables(): string[] {
  return [...new Set(Object.keys(variablesByFunction).flatMap(variableNames))];
}

function variableNames(functionName: string): string[] {
  return Object.keys(variablesByFunction[functionName]?.shape ?? {});
}

/** SENDER_EMAIL as senderEmail. */
function keyOf(variable: string): string {
  return variable.toLowerCase().replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}

/** Without this check, a misspelled key would silently have no effect. */
function unknownKeys(configuration: Values): string[] {
  const known = new Set([...Object.keys(infrastructure.shape), ...allVariables().map(keyOf)]);
  return Object.keys(configuration)
    .filter((key) => !known.has(key))
    .map(
      (key) =>
        `${pulumi.getProject()}:${key}: is not a setting; see infra/Pulumi.yaml and docs/configuration.md`,
    );
}

function faultsInVariables(functionName: string, variables: Values): string[] {
  const schema = variablesByFunction[functionName];
  if (schema === undefined)
    return [`${functionName}: functions/src/config/variables.ts does not say what it reads`];
  const parsed = schema.safeParse(variables);
  return parsed.success ? [] : faultsIn(parsed.error, variables, keyOf);
}

function faultsIn(error: z.ZodError, given: Values, keyFor: (name: string) => string): string[] {
  const names = new Set(Object.keys(given));
  return variableFaults(error, names, (name) => `${pulumi.getProject()}:${keyFor(name)}`);
}

function configurationError(faults: readonly string[]): pulumi.RunError {
  const lines = [...new Set(faults)].map((fault) => `- ${fault}`).join('\n');
  return new pulumi.RunError(
    `The configuration of this stack has faults. Correct them with pulumi config set [--secret] KEY VALUE:\n${lines}`,
  );
}
