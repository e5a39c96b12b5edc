import type { CacheParameterGroup, Parameter } from '@aws-sdk/client-elasticache';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { batches, pages } from '../../model/pages.ts';
import { parametersTold, sameParameters, toReset, toSet, type Parameters } from '../../model/parameters.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownerOf } from './tags.ts';

/** How a cache engine is set up. */
export interface ParameterGroupProps {
  /** `valkey8`: the engine with its major version. */
  readonly family: string;
  /** By name; one that somebody else has set is set back to the engine's default. */
  readonly parameters: Parameters;
  /** For people; given at birth. */
  readonly description: string;
}

export interface ParameterGroupOutputs {
  readonly parameterGroupName: string;
}

type GroupFound = Found<ParameterGroupProps, ParameterGroupOutputs>;

/** AWS's own groups, of every family one: nobody can change them, and none of ours has a dot in its name. */
const isOfAws = ({ CacheParameterGroupName: name = '' }: CacheParameterGroup): boolean => name.startsWith('default.');

export const parameterGroup: ResourceType<ParameterGroupProps, ParameterGroupOutputs> = {
  name: 'elasticache/parameter-group',
  fields: {
    family: 'fixed',
    parameters: { mode: 'live', equal: sameParameters },
    description: 'seed',
  },
  needs: [],
  // A major upgrade takes another family: the cache moves to the new group, then the old one goes.
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteCacheParameterGroup',
  key: (_props, name) => name,
  beat: 'settings',
  scope: 'regional',
  detailed: ['parameters'],

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.elasticache('DescribeCacheParameterGroups', { Marker });
    for await (const { CacheParameterGroups = [] } of pages(read, (answer) => answer.Marker))
      yield await Promise.all(
        CacheParameterGroups.filter((found) => !isOfAws(found)).map(async (found) =>
          told(found, await ownerOf(aws, scope, found.ARN ?? '')),
        ),
      );
  },

  async detail(aws, found) {
    const parameters = await orAbsent(parametersOf(aws, found.outputs.parameterGroupName));
    return parameters && { props: { parameters } };
  },

  async create(aws, props, birth) {
    const { CacheParameterGroup: made } = await aws.elasticache('CreateCacheParameterGroup', {
      CacheParameterGroupName: birth.name,
      CacheParameterGroupFamily: props.family,
      Description: props.description,
      Tags: tagPairs(birth.tags),
    });
    return told(made ?? {}, birth.owner);
  },

  async update(aws, found, props) {
    const CacheParameterGroupName = found.outputs.parameterGroupName;
    const has = found.props.parameters ?? {};
    const valueOf = ([ParameterName, ParameterValue]: readonly [string, string]) => ({ ParameterName, ParameterValue });
    // "A maximum of 20 parameters can be modified in a single request."
    for (const some of batches(toSet(props.parameters, has), 20))
      await aws.elasticache('ModifyCacheParameterGroup', {
        CacheParameterGroupName,
        ParameterNameValues: some.map(valueOf),
      });
    for (const some of batches(toReset(props.parameters, has), 20))
      await aws.elasticache('ResetCacheParameterGroup', {
        CacheParameterGroupName,
        ParameterNameValues: some.map(valueOf),
      });
  },

  async delete(aws, found) {
    const CacheParameterGroupName = found.outputs.parameterGroupName;
    await orAbsent(aws.elasticache('DeleteCacheParameterGroup', { CacheParameterGroupName }));
  },
};

async function parametersOf(aws: Aws, CacheParameterGroupName: string | undefined): Promise<Parameters> {
  const found: Parameter[] = [];
  const read = (Marker?: string) => aws.elasticache('DescribeCacheParameters', { CacheParameterGroupName, Marker });
  for await (const { Parameters = [] } of pages(read, (answer) => answer.Marker)) found.push(...Parameters);
  return parametersTold(found);
}

function told(found: CacheParameterGroup, owner: NodeOwner | undefined): GroupFound {
  const { ARN: id = '', CacheParameterGroupName: name = '' } = found;
  return {
    id,
    key: name,
    owner,
    state: { is: 'ready' },
    props: { family: found.CacheParameterGroupFamily },
    outputs: { parameterGroupName: name },
  };
}
