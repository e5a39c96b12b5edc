import { Fault } from '../../model/faults.ts';
import { checkUserData } from '../../resources/ec2/launch-template.ts';
import { noSuchRegion } from '../regions.ts';
import { userData } from '../sections/user-data.ts';
import type { EcomStoreSpec } from '../spec.ts';
import type { Problem } from './problem.ts';

interface Composed {
  readonly namespace: string;
  readonly name: string;
  readonly spec: EcomStoreSpec;
}

/** Rules that CEL cannot say: what AWS does not have, and what a type refuses once everything has been put together. */
export function composedProblems(composed: Composed): Problem[] {
  return [noSuchRegion(composed.spec.region), refusedUserData(composed)].flatMap((fault) => {
    if (!fault) return [];
    const { field = 'spec', remedy = 'change the field' } = fault.facts;
    const path = field.split('.');
    const value = path.slice(1).reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], composed.spec);
    return [{ path, value, rule: 'recipe', message: fault.message, remedy }];
  });
}

function refusedUserData({ namespace, name, spec }: Composed): Fault | undefined {
  try {
    checkUserData(userData({ spec, owner: { namespace, name, installation: '', uid: '' } }));
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'rejected') throw error;
    return error;
  }
}
