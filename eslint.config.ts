/** The linter and editors look for the configuration here. It is where the packages are that it imports. */
export { default } from './checks/eslint.config.ts';
