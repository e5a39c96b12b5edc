import { Fault } from '../model/faults.ts';
import regions from './regions.json' with { type: 'json' };

/**
 * Why nothing can be built in a region: AWS has none of that name. Its host names do not even resolve, so that no list of
 * the store could ever be read, and it could neither be built nor be proven gone.
 */
export function noSuchRegion(region: string): Fault | undefined {
  if (regions.includes(region)) return undefined;
  const near = regions.filter((known) => known.slice(0, 3) === region.slice(0, 3));
  return new Fault('rejected', `AWS has no region ${region}, as far as this version of the operator knows`, {
    field: 'spec.region',
    remedy: `delete the store, and make it anew in a region that there is, as ${near.join(', ')}; a region that AWS has opened since takes a newer version of the operator`,
  });
}
