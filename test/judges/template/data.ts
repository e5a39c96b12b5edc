import { parametersTold } from '../../../simulator/aws/rds/parameter-groups.ts';
import type { Instance, ParameterGroup, SubnetGroup } from '../../../simulator/aws/rds/kinds.ts';
import type { Secret } from '../../../simulator/aws/secretsmanager/secrets.ts';
import { tagPairs, type Mapping } from './part.ts';

export const subnetGroup: Mapping<SubnetGroup> = ({ name, description, subnetIds, tags }) => [
  {
    type: 'AWS::RDS::DBSubnetGroup',
    ids: { [name]: 'Ref' },
    properties: {
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: description,
      SubnetIds: subnetIds,
      Tags: tagPairs(tags),
    },
  },
];

/** With all that is in force: what the engine does anyway is nothing that anybody has set. */
export const parameterGroup: Mapping<ParameterGroup> = (group) => [
  {
    type: 'AWS::RDS::DBParameterGroup',
    ids: { [group.name]: 'Ref' },
    properties: {
      ...{ DBParameterGroupName: group.name, Family: group.family, Description: group.description },
      Parameters: Object.fromEntries(
        parametersTold(group).flatMap(({ ParameterName, ParameterValue }) =>
          ParameterValue === undefined ? [] : [[ParameterName, ParameterValue]],
        ),
      ),
      Tags: tagPairs(group.tags),
    },
  },
];

export const instance: Mapping<Instance> = (one) => {
  const { logs, groupIds, parameterGroup: group, ...settings } = one.settings;
  const { IAMDatabaseAuthenticationEnabled, PerformanceInsightsEnabled, AllocatedStorage, ...same } = settings;
  return [
    {
      type: 'AWS::RDS::DBInstance',
      ids: { [one.name]: 'Ref', [one.arn]: 'DBInstanceArn' },
      properties: {
        ...same,
        AllocatedStorage: String(AllocatedStorage),
        EnableIAMDatabaseAuthentication: IAMDatabaseAuthenticationEnabled,
        EnablePerformanceInsights: PerformanceInsightsEnabled,
        ...{ EnableCloudwatchLogsExports: logs, VPCSecurityGroups: groupIds, DBParameterGroupName: group },
        ...{ DBInstanceIdentifier: one.name, Engine: one.engine, Port: String(one.port) },
        ...{ StorageEncrypted: one.encrypted, KmsKeyId: one.kmsKeyId, DBSubnetGroupName: one.subnetGroup },
        // A replica has its users, and the names of its databases, from its primary.
        ...(one.sourceName === undefined
          ? {
              ...{ MasterUsername: one.masterUsername, ...passwordOf(one) },
              DBName: one.databaseName,
            }
          : { SourceDBInstanceIdentifier: one.sourceName }),
        Tags: tagPairs(one.tags),
      },
    },
  ];
};

/** A template never has it in the clear: it is RDS's own, or taken from a secret when the template is applied. */
const passwordOf = ({ secretArn, tags }: Instance) =>
  secretArn === undefined
    ? { MasterUserPassword: `{{resolve:secretsmanager:${tags['ecom.io/password-secret']}:SecretString:password}}` }
    : { ManageMasterUserPassword: true };

/** Those of RDS come with their instance. */
export const secret: Mapping<Secret> = ({ arn, name, description, owningService, tags }) =>
  owningService === undefined
    ? [
        {
          type: 'AWS::SecretsManager::Secret',
          ids: { [arn]: 'Ref' },
          properties: { Name: name, Description: description, Tags: tagPairs(tags) },
        },
      ]
    : [];
