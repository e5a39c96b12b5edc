import type { DBParameterGroup } from '@aws-sdk/client-rds';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownerOf, retagResource } from './tags.ts';

/** How a database engine is set up. */
export interface ParameterGroupProps {
  /** `postgres16`: the engine with its major version. */
  readonly family: string;
  /** By name; one that somebody else has set is set back to the engine's default. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For people; given at birth. */
  readonly description: string;
}

export interface ParameterGroupOutputs {
  readonly parameterGroupName: string;
}

type GroupFound = Found<ParameterGroupProps, ParameterGroupOutputs>;

export const parameterGroup: ResourceType<ParameterGroupProps, ParameterGroupOutputs> = {
  name: 'rds/parameter-group',
  fields: { family: 'fixed', parameters: 'live', description: 'seed' },
  needs: [],
  // A major upgrade of the engine takes another family: the database moves to the new group, then the old one goes.
  replace: 'create-first',
  once: 'name',
  key: (_props, name) => name,
  beat: 'settings',
  scope: 'regional',
  detailed: ['parameters'],

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.rds('DescribeDBParameterGroups', { Marker });
    for await (const { DBParameterGroups = [] } of pages(read, (answer) => answer.Marker))
      yield await Promise.all(
        DBParameterGroups.map(async (found) => told(found, await ownerOf(aws, scope, found.DBParameterGroupArn ?? ''))),
      );
  },

  async detail(aws, found) {
    const parameters = await orAbsent(parametersOf(aws, found.outputs.parameterGroupName));
    return (
      parameters && { props: { parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])) } }
    );
  },

  async create(aws, props, birth) {
    const { DBParameterGroup: made } = await aws.rds('CreateDBParameterGroup', {
      DBParameterGroupName: birth.name,
      DBParameterGroupFamily: props.family,
      Description: props.description,
      Tags: tagPairs(birth.tags),
    });
    // A new group sets nothing: its parameters are the engine's own.
    const found = told(made ?? {}, birth.owner);
    return { ...found, props: { ...found.props, parameters: {} } };
  },

  async update(aws, found, props) {
    const DBParameterGroupName = found.outputs.parameterGroupName;
    // How a parameter can be applied is told of all parameters that could be set: static ones wait for a reboot.
    const known = await parametersOf(aws, DBParameterGroupName, false);
    const methodOf = (name: string) =>
      known.find((one) => one.name === name)?.isStatic === false ? ('immediate' as const) : ('pending-reboot' as const);
    const has = found.props.parameters ?? {};
    const changes = Object.entries(props.parameters).filter(([name, value]) => has[name] !== value);
    // "A maximum of 20 parameters can be modified in a single request."
    for (const some of batches(changes, 20))
      await aws.rds('ModifyDBParameterGroup', {
        DBParameterGroupName,
        Parameters: some.map(([ParameterName, ParameterValue]) => ({
          ParameterName,
          ParameterValue,
          ApplyMethod: methodOf(ParameterName),
        })),
      });
    const extra = Object.keys(has).filter((name) => !(name in props.parameters));
    for (const some of batches(extra, 20))
      await aws.rds('ResetDBParameterGroup', {
        DBParameterGroupName,
        Parameters: some.map((ParameterName) => ({ ParameterName, ApplyMethod: methodOf(ParameterName) })),
      });
  },

  async delete(aws, found) {
    await orAbsent(aws.rds('DeleteDBParameterGroup', { DBParameterGroupName: found.outputs.parameterGroupName }));
  },

  retag: (aws, { id }, tags) => retagResource(aws, id, tags),
};

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly isStatic: boolean;
}

/** The parameters that somebody has set; or all there are. */
async function parametersOf(aws: Aws, name: string | undefined, set = true): Promise<Parameter[]> {
  const found: Parameter[] = [];
  const Source = set ? { Source: 'user' } : {};
  const read = (Marker?: string) => aws.rds('DescribeDBParameters', { DBParameterGroupName: name, ...Source, Marker });
  for await (const { Parameters = [] } of pages(read, (answer) => answer.Marker))
    found.push(
      ...Parameters.map(({ ParameterName = '', ParameterValue = '', ApplyType }) => ({
        name: ParameterName,
        value: ParameterValue,
        isStatic: ApplyType === 'static',
      })),
    );
  return found;
}

function told(found: DBParameterGroup, owner: NodeOwner | undefined): GroupFound {
  const { DBParameterGroupArn: id = '', DBParameterGroupName: name = '' } = found;
  return {
    id,
    key: name,
    owner,
    state: { is: 'ready' },
    props: { family: found.DBParameterGroupFamily },
    outputs: { parameterGroupName: name },
  };
}
