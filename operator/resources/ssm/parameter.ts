import type { Parameter } from '@aws-sdk/client-ssm';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner, type Tags } from '../../model/identity.ts';
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

export const parameter: ResourceType<ParameterProps, ParameterOutputs> = {
  name: 'ssm/parameter',
  fields: { name: 'fixed', value: 'live', description: 'seed' },
  needs: [],
  replace: 'delete-first',
  once: 'name',
  key: ({ name }) => name,
  beat: 'settings', // Ten a page is all that GetParametersByPath gives.
  scope: 'regional',

  async *list(aws, scope) {
    const read = (NextToken?: string) => aws.ssm('GetParametersByPath', { Path: '/ecom', Recursive: true, NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken))
      yield await allTold(aws, page.Parameters, scope);
  },

  async named(aws, ids, scope) {
    const answers = await Promise.all(
      // GetParameters takes ten names at most.
      batches(ids, 10).map(async (Names) =>
        allTold(aws, (await aws.ssm('GetParameters', { Names })).Parameters, scope),
      ),
    );
    return answers.flat();
  },

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
};

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

function told(found: Parameter, owner: NodeOwner | undefined): Found<ParameterProps, ParameterOutputs> {
  const { Name: name = '', Value: value = '' } = found;
  return { id: name, key: name, owner, state: { is: 'ready' }, props: { name, value }, outputs: { name } };
}
