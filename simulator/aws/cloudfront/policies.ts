import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Handler, Operations, Request } from '../core/request.ts';
import type { Paged } from './kinds.ts';
import { managedPolicies, type ManagedPolicy } from './managed-policies.ts';

/** AWS's own are of the day that they came out. */
const since = new Date('2021-11-02T00:00:00Z');

type List = Paged & { readonly Type?: 'managed' | 'custom' };

/** Reading the policies of one sort, which CloudFront tells all alike: as `CachePolicy` with its `CachePolicyConfig`. */
function reading(name: string, plural: string, known: readonly ManagedPolicy[]): Operations {
  const policy = ({ id, config }: ManagedPolicy) => ({
    [name]: { Id: id, LastModifiedTime: since, [`${name}Config`]: config },
  });
  const found = (id: string): ManagedPolicy => {
    const one = known.find((managed) => managed.id === id);
    if (!one) throw new AwsError(`NoSuch${name}`, `The policy ${id} does not exist.`, 404);
    return one;
  };
  const get: Handler = ({ Id }: { Id: string }) => ({ ...policy(found(Id)), ETag: 'E23ZP02F085DFQ' });
  const list: Handler = ({ Type, Marker = '', MaxItems }: List, request: Request) => {
    const size = MaxItems === undefined ? undefined : Number(MaxItems);
    const page = { token: Marker === '' ? undefined : Marker, size, most: 100 };
    const { items, next } = pageOf(request.world, Type === 'custom' ? [] : [...known], page);
    const Items = items.map((one) => ({ Type: 'managed', ...policy(one) }));
    return {
      [`${name}List`]: { NextMarker: next, MaxItems: size ?? 100, Quantity: Items.length, Items },
    };
  };
  return { [`Get${name}`]: get, [`List${plural}`]: list };
}

/** What is cached, what an origin is told and what is added to an answer. */
export const policyOperations: Operations = {
  ...reading('CachePolicy', 'CachePolicies', managedPolicies.CachePolicyId),
  ...reading('OriginRequestPolicy', 'OriginRequestPolicies', managedPolicies.OriginRequestPolicyId),
  ...reading('ResponseHeadersPolicy', 'ResponseHeadersPolicies', managedPolicies.ResponseHeadersPolicyId),
};
