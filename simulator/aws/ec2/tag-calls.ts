import { AwsError } from '../core/aws-error.ts';
import type { Collection } from '../core/collection.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, withoutTags, type TagPair } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import { addresses } from './addresses.ts';
import { filtered, type Filter } from './filters.ts';
import { flowLogs } from './flow-logs.ts';
import { internetGateways } from './gateways.ts';
import { images } from './images.ts';
import type { Tagged } from './kinds.ts';
import { natGateways } from './nat-gateways.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { routeTables } from './route-tables.ts';
import { securityGroups } from './security-groups.ts';
import { subnets } from './subnets.ts';
import { vpcEndpoints } from './vpc-endpoints.ts';
import { vpcs } from './vpc.ts';

/** Which kind an id is of, by its prefix; others add theirs with `addTaggable`. */
const kinds = new Map<string, { readonly type: string; readonly kind: Kind<Tagged> }>();

export const addTaggable = <T extends Tagged>(prefix: string, type: string, kind: Kind<T>): void =>
  void kinds.set(prefix, { type, kind: kind });

addTaggable('vpc', 'vpc', vpcs);
addTaggable('subnet', 'subnet', subnets);
addTaggable('igw', 'internet-gateway', internetGateways);
addTaggable('eipalloc', 'elastic-ip', addresses);
addTaggable('nat', 'natgateway', natGateways);
addTaggable('rtb', 'route-table', routeTables);
addTaggable('sg', 'security-group', securityGroups);
addTaggable('vpce', 'vpc-endpoint', vpcEndpoints);
addTaggable('fl', 'vpc-flow-log', flowLogs);
addTaggable('ami', 'image', images);
addTaggable('eni', 'network-interface', networkInterfaces);

function holderOf(request: Request, id: string): Collection<Tagged> {
  const found = kinds.get(id.slice(0, id.indexOf('-')));
  const collection = found && request.in(found.kind);
  if (!collection?.get(id)) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  return collection;
}

interface TagLine {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly value: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const tagOperations: Operations = {
  CreateTags: ({ Resources, Tags }: { Resources: string[]; Tags: TagPair[] }, request) => {
    for (const id of Resources) holderOf(request, id);
    for (const id of Resources) {
      const holder = holderOf(request, id);
      holder.change(id, { tags: { ...holder.get(id)?.tags, ...toTagMap(Tags) } });
    }
  },
  DeleteTags: ({ Resources, Tags }: { Resources: string[]; Tags?: TagPair[] }, request) => {
    for (const id of Resources) {
      const holder = holderOf(request, id);
      const { tags = {} } = holder.get(id) ?? {};
      const goes = Tags
        ? Tags.filter(({ Key = '', Value }) => Value === undefined || tags[Key] === Value).map(({ Key = '' }) => Key)
        : Object.keys(tags);
      holder.change(id, { tags: withoutTags(tags, goes) });
    }
  },
  DescribeTags: (input: { Filters?: Filter[]; NextToken?: string; MaxResults?: number }, request) => {
    const lines = [...kinds.values()].flatMap(({ type, kind }) =>
      request
        .listed(kind)
        .flatMap(({ id, tags }) =>
          Object.entries(tags).map(([key, value]): TagLine => ({ id, type, key, value, tags: { [key]: value } })),
        ),
    );
    const found = filtered(lines, input.Filters, {
      'resource-id': ({ id }) => [id],
      'resource-type': ({ type }) => [type],
      key: ({ key }) => [key],
      value: ({ value }) => [value],
    });
    const { items, next } = pageOf(request.world, found, {
      token: input.NextToken,
      size: input.MaxResults,
      most: 1000,
    });
    return {
      Tags: items.map(({ id, type, key, value }) => ({ ResourceId: id, ResourceType: type, Key: key, Value: value })),
      NextToken: next,
    };
  },
};
