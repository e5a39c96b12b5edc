import type { Parameter } from '@aws-sdk/client-ssm';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';

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
      yield await Promise.all(
        (page.Parameters ?? []).map(async (found) => {
          const known = scope.known(found.Name ?? '');
          if (known !== undefined) return told(found, known === 'foreign' ? undefined : known);
          return told(found, await ownerOf(aws, found.Name ?? ''));
        }),
      );
  },

  async create(aws, props, birth) {
    await aws.ssm('PutParameter', {
      Name: props.name,
      Value: props.value,
      Description: props.description,
      Type: 'String',
      Tier: 'Standard',
      Overwrite: false,
      Tags: Object.entries(birth.tags).map(([Key, Value]) => ({ Key, Value })),
    });
    const { name } = props;
    return { id: name, key: name, owner: birth.owner, state: { is: 'ready' }, props: { ...props }, outputs: { name } };
  },

  async update(aws, found, props) {
    await aws.ssm('PutParameter', { Name: found.id, Value: props.value, Type: 'String', Overwrite: true });
  },

  async delete(aws, found) {
    await orAbsent(aws.ssm('DeleteParameter', { Name: found.id }));
  },
};

async function ownerOf(aws: Aws, ResourceId: string): Promise<NodeOwner | undefined> {
  const answer = await orAbsent(aws.ssm('ListTagsForResource', { ResourceType: 'Parameter', ResourceId }));
  return ownerFromTags(Object.fromEntries((answer?.TagList ?? []).map(({ Key = '', Value = '' }) => [Key, Value])));
}

function told(found: Parameter, owner: NodeOwner | undefined): Found<ParameterProps, ParameterOutputs> {
  const { Name: name = '', Value: value = '' } = found;
  return { id: name, key: name, owner, state: { is: 'ready' }, props: { name, value }, outputs: { name } };
}
