import path from 'node:path';
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * One direction of imports: each rule names a part of `functions/src` and what it may not know. Handlers alone decode, so
 * messages are theirs.
 */
const outer = ['framework', 'handlers', 'compose', 'config'];
const layers: { files: string; mayNotImport: string[] }[] = [
  {
    files: 'domain/**',
    mayNotImport: [...outer, 'messages', 'usecases', 'adapters', 'ports', 'log', 'trace'],
  },
  { files: 'messages/**', mayNotImport: [...outer, 'usecases', 'adapters', 'ports', 'log', 'trace'] },
  { files: 'usecases/**', mayNotImport: [...outer, 'messages', 'adapters', 'trace'] },
  { files: 'adapters/**', mayNotImport: [...outer, 'messages', 'usecases', 'log', 'trace'] },
  {
    files: '{ports,log,trace,errors,faults}.ts',
    mayNotImport: [...outer, 'messages', 'usecases', 'adapters'],
  },
  { files: 'framework/**', mayNotImport: ['handlers', 'compose', 'config', 'messages', 'adapters'] },
  { files: 'handlers/**', mayNotImport: ['adapters', 'config'] },
  { files: 'compose/**', mayNotImport: ['framework', 'handlers', 'messages'] },
];

/** How a command reads its arguments and prints. It knows no other folder, so every command may use it. */
const operationsButTerminal = 'operations(?!/terminal/)';

/** One direction of imports between top-level folders: functions know none of the others, operations do not know local. */
const folders: { files: string[]; mayNotImport: string[] }[] = [
  {
    files: ['functions/src/**/*.ts'],
    mayNotImport: ['operations', 'local', 'bench', 'infra', 'template-compiler', 'emulator-data', 'test'],
  },
  {
    files: ['functions/*.ts'],
    mayNotImport: [
      operationsButTerminal,
      'local',
      'bench',
      'infra',
      'template-compiler',
      'emulator-data',
      'test',
    ],
  },
  {
    files: ['template-compiler/**/*.ts'],
    mayNotImport: [operationsButTerminal, 'local', 'bench', 'infra', 'test'],
  },
  { files: ['operations/**/*.ts'], mayNotImport: ['local', 'bench', 'infra', 'test'] },
  {
    files: ['operations/terminal/**/*.ts'],
    mayNotImport: ['functions', 'target', 'local', 'bench', 'infra', 'template-compiler', 'test'],
  },
  { files: ['local/**/*.ts'], mayNotImport: ['bench', 'test'] },
];

/** SDKs stay in adapters and in the one place that builds them. */
const sdks = ['@google-cloud/firestore', '@google-cloud/pubsub', '@sendgrid/*', 'liquidjs', 'firebase-admin'];

/** Matches imports of top-level folders, from any depth. */
function outside(names: readonly string[]) {
  const regex = String.raw`^(?:\.\.?/)+(?:${names.join('|')})/`;
  return { regex, message: 'Imports point from bench to local to operations to functions.' };
}

export default defineConfig(
  globalIgnores(['coverage/', '.toolchain/', 'emulator-data/firestore_export/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: path.join(import.meta.dirname, '..') },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/require-await': 'off',
      // `return log.…` is how a use case ends early.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      complexity: ['error', 12],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  folders.map(({ files, mayNotImport }) => ({
    files,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [outside(mayNotImport)] }] },
  })),
  layers.map(({ files, mayNotImport }) => ({
    files: [`functions/src/${files}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: mayNotImport.flatMap((name) => [`**/${name}/**`, `**/${name}.ts`]),
              message: 'Imports point from handlers to use cases to the domain: see CONTRIBUTING.md.',
            },
            ...(files.startsWith('adapters') || files.startsWith('compose')
              ? []
              : [{ group: sdks, message: 'SDKs stay in adapters.' }]),
          ],
        },
      ],
    },
  })),
  {
    files: ['functions/src/domain/**'],
    rules: { 'no-restricted-globals': ['error', 'Date', 'fetch', 'process'] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'max-lines-per-function': 'off',
    },
  },
  {
    files: [
      'local/**',
      'bench/**',
      'test/all.ts',
      'operations/**',
      'template-compiler/**',
      'emulator-data/**',
      'functions/schemas.ts',
      'functions/configuration.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['local/preview/assets/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        addEventListener: 'readonly',
        document: 'readonly',
        EventSource: 'readonly',
        location: 'readonly',
      },
    },
  },
);
