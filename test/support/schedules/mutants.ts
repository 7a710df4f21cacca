import { adapterMutants } from './adapter-mutants.ts';
import { domainMutants } from './domain-mutants.ts';
import type { Mutant } from './mutant.ts';
import { usecaseMutants } from './usecase-mutants.ts';

export const mutants: readonly Mutant[] = [...domainMutants, ...usecaseMutants, ...adapterMutants];
