import type { DBParameterGroup, Parameter } from '@aws-sdk/client-rds';
import { orAbsent } from '../../model/faults.ts';
import { tagPairs, type NodeOwner } from '../../model/identity.ts';
import { batches, pages } from '../../model/pages.ts';
import { parametersTold, sameParameters, toReset, toSet, type Parameters } from '../../model/parameters.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownerOf, retagResource } from './tags.ts';
import { servesFamily, versionOf } from './versions.ts';

/** How a database engine is set up. */
export interface ParameterGroupProps {
  /** `postgres16`: the engine with its major version; the engine alone where those of any version do. */
  readonly family: string;
  /** With a version, where `family` has none. */
  readonly bornFamily?: string;
  /** By name; one that somebody else has set is set back to the engine's default. */
  readonly parameters: Parameters;
  /** For people; given at birth. */
  readonly description: string;
}

export interface ParameterGroupOutputs {
  readonly parameterGroupName: string;
  /** The major version of the engine that they are of. */
  readonly engineVersion: string;
}

type GroupFound = Found<ParameterGroupProps, ParameterGroupOutputs>;

export const parameterGroup: ResourceType<ParameterGroupProps, ParameterGroupOutputs> = {
  name: 'rds/parameter-group',
  fields: {
    family: { mode: 'fixed', equal: servesFamily },
    bornFamily: 'seed',
    parameters: { mode: 'live', equal: sameParameters },
    description: 'seed',
  },
  needs: [],
  // A major upgrade of the engine takes another family: the database moves to the new group, then the old one goes.
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteDBParameterGroup',
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
    return parameters && { props: { parameters: parametersTold(parameters) } };
  },

  async create(aws, props, birth) {
    const { DBParameterGroup: made } = await aws.rds('CreateDBParameterGroup', {
      DBParameterGroupName: birth.name,
      DBParameterGroupFamily: props.bornFamily ?? props.family,
      Description: props.description,
      Tags: tagPairs(birth.tags),
    });
    return told(made ?? {}, birth.owner);
  },

  async update(aws, found, props) {
    const DBParameterGroupName = found.outputs.parameterGroupName;
    // How a parameter can be applied is told of all that could be set: static ones wait for a reboot.
    const known = await parametersOf(aws, DBParameterGroupName);
    const changeOf = ([ParameterName, ParameterValue]: readonly [string, string?]) => {
      const { ApplyType } = known.find((one) => one.ParameterName === ParameterName) ?? {};
      const ApplyMethod = ApplyType === 'dynamic' ? ('immediate' as const) : ('pending-reboot' as const);
      return { ParameterName, ...(ParameterValue === undefined ? {} : { ParameterValue }), ApplyMethod };
    };
    const has = parametersTold(known);
    // "A maximum of 20 parameters can be modified in a single request."
    for (const some of batches(toSet(props.parameters, has), 20))
      await aws.rds('ModifyDBParameterGroup', { DBParameterGroupName, Parameters: some.map(changeOf) });
    for (const some of batches(toReset(props.parameters, has), 20))
      await aws.rds('ResetDBParameterGroup', {
        DBParameterGroupName,
        Parameters: some.map(([name]) => changeOf([name])),
      });
  },

  async delete(aws, found) {
    await orAbsent(aws.rds('DeleteDBParameterGroup', { DBParameterGroupName: found.outputs.parameterGroupName }));
  },

  notice({ bornFamily }, { props: { family } }) {
    if (bornFamily === undefined || family === undefined || family === bornFamily) return undefined;
    const message = `the store names no version and keeps ${family}; a new one gets ${bornFamily}: another version is taken by spec.database.version`;
    return { reason: 'VersionKept', message };
  },

  retag: (aws, { id }, tags) => retagResource(aws, id, tags),
};

async function parametersOf(aws: Aws, DBParameterGroupName: string | undefined): Promise<Parameter[]> {
  const found: Parameter[] = [];
  const read = (Marker?: string) => aws.rds('DescribeDBParameters', { DBParameterGroupName, Marker });
  for await (const { Parameters = [] } of pages(read, (answer) => answer.Marker)) found.push(...Parameters);
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
    outputs: { parameterGroupName: name, engineVersion: versionOf(found.DBParameterGroupFamily ?? '') },
  };
}
