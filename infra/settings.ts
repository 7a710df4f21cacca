import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { DeployedFunction } from '../functions/manifest.ts';
import { secretVariables, variablesByFunction } from '../functions/src/config/variables.ts';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** What the stack says about the infrastructure itself; all else is configuration of the functions. */
const infrastructure = z.object({
  protectData: flag,
  watch: flag,
  alertEmail: z.email(),
  billingAccount: z
    .string()
    .regex(/^[\dA-F]{6}(-[\dA-F]{6}){2}$/u, { error: 'must look like 0X0X0X-0X0X0X-0X0X0X' })
    .optional(),
  monthlyBudget: z.coerce.number().int().positive().default(25),
});

export interface Settings extends z.output<typeof infrastructure> {
  readonly project: string;
  /** Variables of one function that are no secrets. */
  environmentOf(functionName: string): Record<string, string>;
  /** Names of the secret variables that one function reads. */
  secretsOf(functionName: string): string[];
  /** The value of every secret variable that some function reads. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * The stack's configuration, checked before anything is provisioned. A variable of the functions
 * (docs/configuration.md) is set under its name in camel case: SENDER_EMAIL as `senderEmail`.
 * @param defaults of variables that follow from what is provisioned.
 * @throws pulumi.RunError naming every fault at once, and how to mend it.
 */
export function readSettings(
  functions: readonly DeployedFunction[],
  defaults: (project: string) => Readonly<Record<string, string>>,
): Settings {
  const faults: string[] = [];
  const project = new pulumi.Config('gcp').get('project') ?? '';
  if (project === '') faults.push('gcp:project: is not set');
  const { own, variables } = givenValues(defaults(project));
  const parsed = infrastructure.safeParse(own);
  if (!parsed.success) faults.push(...faultsIn(parsed.error, own, String));
  for (const { name } of functions) faults.push(...faultsOf(name, variables));
  faults.push(...unknownKeys());
  if (faults.length > 0 || !parsed.success) throw refusal(faults);

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

/** What the stack sets, secrets in plain text: for checking only. */
function givenValues(defaults: Values): { own: Values; variables: Values } {
  const own = ownConfiguration();
  const set = allVariables().flatMap((name) => {
    const value = own[keyOf(name)];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { own, variables: { ...defaults, ...Object.fromEntries(set) } };
}

/** The keys of this project, without its name before the colon. */
function ownConfiguration(): Values {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
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

/** A misspelt key would otherwise be a setting that silently does nothing. */
function unknownKeys(): string[] {
  const known = new Set([...Object.keys(infrastructure.shape), ...allVariables().map(keyOf)]);
  return Object.keys(ownConfiguration())
    .filter((key) => !known.has(key))
    .map(
      (key) =>
        `${pulumi.getProject()}:${key}: is no setting; docs/configuration.md has those of the functions`,
    );
}

function faultsOf(functionName: string, variables: Values): string[] {
  const schema = variablesByFunction[functionName];
  if (schema === undefined) return [`${functionName}: functions/src/config/variables.ts does not say what it reads`];
  const parsed = schema.safeParse(variables);
  return parsed.success ? [] : faultsIn(parsed.error, variables, keyOf);
}

/** Names keys, never values: some of them are secrets. */
function faultsIn(error: z.ZodError, given: Values, keyFor: (name: string) => string): string[] {
  return error.issues.map(({ path: [name], message }) => {
    const key = keyFor(String(name));
    return `${pulumi.getProject()}:${key}: ${String(name) in given ? message : 'is not set'}`;
  });
}

function refusal(faults: readonly string[]): pulumi.RunError {
  const lines = [...new Set(faults)].map((fault) => `- ${fault}`).join('\n');
  return new pulumi.RunError(
    `The configuration of this stack has faults. Mend them with pulumi config set [--secret] KEY VALUE:\n${lines}`,
  );
}
