import { Fault } from '../../model/faults.ts';
import { checkUserData } from '../../resources/ec2/launch-template.ts';
import { userData } from '../sections/user-data.ts';
import type { EcomStoreSpec } from '../spec.ts';
import type { Problem } from './problem.ts';

interface Composed {
  readonly namespace: string;
  readonly name: string;
  readonly spec: EcomStoreSpec;
}

/** Rules that CEL cannot say: what a type refuses, once everything has been put together. */
export function composedProblems({ namespace, name, spec }: Composed): Problem[] {
  try {
    checkUserData(userData({ spec, owner: { namespace, name, installation: '', uid: '' } }));
    return [];
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'rejected') throw error;
    const { field = 'spec', remedy = 'change the field' } = error.facts;
    const path = field.split('.');
    const value = path.slice(1).reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], spec);
    return [{ path, value, rule: 'recipe', message: error.message, remedy }];
  }
}
