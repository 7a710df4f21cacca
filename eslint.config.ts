import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** One direction of imports: each rule names a folder of `functions/src` and what it may not know. */
const layers: { folder: string; mayNotImport: string[] }[] = [
  {
    folder: 'domain',
    mayNotImport: [
      'messages',
      'usecases',
      'adapters',
      'handlers',
      'ports',
      'compose',
      'config',
      'variables',
      'log',
    ],
  },
  {
    folder: 'messages',
    mayNotImport: ['usecases', 'adapters', 'handlers', 'ports', 'compose', 'config', 'variables', 'log'],
  },
  { folder: 'usecases', mayNotImport: ['adapters', 'handlers', 'compose', 'config', 'variables'] },
  { folder: 'adapters', mayNotImport: ['usecases', 'handlers', 'compose', 'config', 'variables'] },
  { folder: 'handlers', mayNotImport: ['adapters', 'config', 'variables'] },
];

/** SDKs stay in adapters and in the one place that builds them. */
const sdks = ['@google-cloud/firestore', '@google-cloud/pubsub', '@sendgrid/*', 'liquidjs', 'firebase-admin'];

export default defineConfig(
  globalIgnores(['coverage/', 'functions/generated/', '.toolchain/', 'emulator-data/firestore_export/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/require-await': 'off',
      // `return log.…` is how a story ends early.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      complexity: ['error', 12],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  layers.map(({ folder, mayNotImport }) => ({
    files: [`functions/src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: mayNotImport.flatMap((name) => [`**/${name}/**`, `**/${name}.ts`]),
              message: `${folder} may not know this: imports point from handlers to usecases to domain.`,
              allowTypeImports: folder === 'adapters' || folder === 'usecases',
            },
            ...(folder === 'adapters'
              ? []
              : [{ group: sdks, message: 'SDKs stay in adapters.', allowTypeImports: false }]),
          ],
        },
      ],
      'no-restricted-globals': folder === 'domain' ? ['error', 'Date', 'fetch', 'process'] : 'off',
    },
  })),
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
      'templates/**',
      'emulator-data/**',
      'functions/schemas.ts',
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
