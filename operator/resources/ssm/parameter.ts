import type { Parameter, ParameterMetadata, ParameterStringFilter } from '@aws-sdk/client-ssm';
import { faultOf, orAbsent, type Fault } from '../../model/faults.ts';
import { ownerFromTags, tagKeys, tagPairs, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
import { learntOwner, stolen } from '../../model/ownership.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';

/** One line of the contract with the application: a name it may rely on, and what stands there. Never a secret. */
export interface ParameterProps {
  /** `/ecom/<namespace>/<name>/<what>` */
  readonly name: string;
  readonly value: string;
  /** For people; given at birth, because lists do not tell it. */
  readonly description: string;
}

export interface ParameterOutputs {
  readonly name: string;
}

type ParameterFound = Found<ParameterProps, ParameterOutputs>;

export const parameter: ResourceType<ParameterProps, ParameterOutputs> = {
  name: 'ssm/parameter',
  fields: { name: 'fixed', value: 'live', description: 'seed' },
  needs: [],
  replace: 'delete-first',
  once: 'name',
  endedBy: 'DeleteParameter',
  key: ({ name }) => name,
  beat: 'settings',
  scope: 'regional',

  async *list(aws, scope) {
    const filter = { Key: 'Path', Option: 'Recursive', Values: ['/ecom'] };
    for await (const { Parameters = [] } of described(aws, filter)) {
      const told = Parameters.map((one) => toldBefore(one, scope));
      const names = Parameters.filter((_, at) => !told[at]).map(({ Name = '' }) => Name);
      yield [...told.filter((one) => one !== undefined), ...(await valuesOf(aws, names, scope))];
    }
  },

  named: (aws, ids, scope) => valuesOf(aws, ids, scope),

  async create(aws, props, birth) {
    await aws.ssm('PutParameter', {
      Name: props.name,
      Value: props.value,
      Description: props.description,
      Type: 'String',
      Tier: 'Standard',
      Overwrite: false,
      Tags: tagPairs(birth.tags),
    });
    const { name } = props;
    return { id: name, key: name, owner: birth.owner, state: { is: 'ready' }, props: { ...props }, outputs: { name } };
  },

  async update(aws, found, { value, description }) {
    // Overwriting a parameter that is gone would make one without tags, and nobody would find it again.
    const tags = await tagsOf(aws, found.id);
    if (ownerFromTags(tags)?.uid !== found.owner?.uid) throw stolen('foreign', `parameter ${found.id}`);
    await aws.ssm('PutParameter', {
      Name: found.id,
      Value: value,
      Description: description,
      Type: 'String',
      Overwrite: true,
    });
  },

  async delete(aws, found) {
    const tags = await orAbsent(tagsOf(aws, found.id));
    if (tags && ownerFromTags(tags)?.uid !== found.owner?.uid) throw stolen('refused', `parameter ${found.id}`);
    await orAbsent(aws.ssm('DeleteParameter', { Name: found.id }));
  },

  async deleteAll(aws, found) {
    const ours = await namesOf(aws, found[0]?.owner?.uid ?? '');
    const [told, others] = [found.filter(({ id }) => ours.has(id)), found.filter(({ id }) => !ours.has(id))];
    // DeleteParameters takes ten names at most; one that is gone is no error to it.
    for (const batch of batches(told, 10)) await aws.ssm('DeleteParameters', { Names: batch.map(({ id }) => id) });
    const kept = new Map<string, Fault>();
    // What lists do not tell yet is asked about by itself, and so is what may be somebody else's by now.
    for (const one of others) {
      const fault = await faultOf(parameter.delete(aws, one), 'refused');
      if (fault) kept.set(one.id, fault);
    }
    return kept;
  },
};

/** Every page of the parameters that pass a filter: what they are, without their values. */
const described = (aws: Aws, filter: ParameterStringFilter) =>
  pages(
    (NextToken?: string) => aws.ssm('DescribeParameters', { ParameterFilters: [filter], MaxResults: 50, NextToken }),
    (answer) => answer.NextToken,
  );

/** The names of a store's parameters, as their tags say it now. */
async function namesOf(aws: Aws, uid: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { Parameters = [] } of described(aws, { Key: `tag:${tagKeys.uid}`, Values: [uid] }))
    for (const { Name = '' } of Parameters) names.add(Name);
  return names;
}

/**
 * Another one whenever a value is: "Parameter Store increments the version by one each time you edit the parameter", and
 * one that was deleted and made anew has another date. It is that of the value that was read, so a page that is behind
 * its values, or before them, has them read again. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
const revisionOf = ({ Version, LastModifiedDate }: Pick<Parameter, 'Version' | 'LastModifiedDate'>): string =>
  `${Version} of ${LastModifiedDate?.toISOString()}`;

/** What need not be read to know it: what is as it was, and what is somebody else's. */
function toldBefore(one: ParameterMetadata, scope: Scope): ParameterFound | undefined {
  const { Name: name = '' } = one;
  if (scope.known(name) === 'foreign') return { ...bare(name, undefined), props: { name } };
  const last = scope.last(name) as ParameterFound | undefined;
  return last?.revision === revisionOf(one) ? last : undefined;
}

async function valuesOf(aws: Aws, names: readonly string[], scope: Scope): Promise<ParameterFound[]> {
  const answers = await Promise.all(
    // GetParameters takes ten names at most.
    batches(names, 10).map(async (Names) =>
      allTold(aws, (await aws.ssm('GetParameters', { Names })).Parameters, scope),
    ),
  );
  return answers.flat();
}

const allTold = async (aws: Aws, found: readonly Parameter[] = [], scope: Scope) =>
  Promise.all(
    found.map(async (one) => {
      const { Name: name = '' } = one;
      return told(one, await learntOwner(scope, name, () => ownerOf(aws, name)));
    }),
  );

async function ownerOf(aws: Aws, name: string): Promise<NodeOwner | undefined> {
  return ownerFromTags((await orAbsent(tagsOf(aws, name))) ?? {});
}

/** A name can be used again, and lists tell no tags: so whose it is now is asked before anything is written. */
async function tagsOf(aws: Aws, ResourceId: string): Promise<Tags> {
  const { TagList = [] } = await aws.ssm('ListTagsForResource', { ResourceType: 'Parameter', ResourceId });
  return tagsFromPairs(TagList);
}

const bare = (name: string, owner: NodeOwner | undefined): Omit<ParameterFound, 'props'> => ({
  ...{ id: name, key: name, owner, state: { is: 'ready' }, outputs: { name } },
});

function told(found: Parameter, owner: NodeOwner | undefined): ParameterFound {
  const { Name: name = '', Value: value = '' } = found;
  return { ...bare(name, owner), props: { name, value }, revision: revisionOf(found) };
}
