import type { Certificate } from '../../../simulator/aws/acm/certificates.ts';
import { logGroups } from '../../../simulator/aws/logs/groups.ts';
import { isExportedLog } from '../../../simulator/aws/rds/exported-logs.ts';
import { hostedZones, type HostedZone } from '../../../simulator/aws/route53/hosted-zones.ts';
import { keyOf, type RecordSet } from '../../../simulator/aws/route53/records.ts';
import type { Parameter } from '../../../simulator/aws/ssm/parameters.ts';
import { tagPairs, type Mapping, type Of, type View } from './part.ts';

export const certificate: Mapping<Certificate> = (one) => [
  {
    type: 'AWS::CertificateManager::Certificate',
    ids: { [one.arn]: 'Ref' },
    properties: {
      ...{ DomainName: one.domain, ValidationMethod: 'DNS', KeyAlgorithm: one.keyAlgorithm },
      SubjectAlternativeNames: one.names.filter((name) => name !== one.domain),
      CertificateTransparencyLoggingPreference: one.transparency,
      Tags: tagPairs(one.tags),
    },
  },
];

export const zone: Mapping<HostedZone> = ({ id, name, comment, tags, vpcs }) => [
  {
    type: 'AWS::Route53::HostedZone',
    ids: { [id]: 'Ref' },
    properties: {
      ...{ Name: name, HostedZoneConfig: { Comment: comment }, HostedZoneTags: tagPairs(tags) },
      VPCs: vpcs.length > 0 ? vpcs.map((vpc) => ({ VPCId: vpc.id, VPCRegion: vpc.region })) : undefined,
    },
  },
];

/** The ledger has ids of records, and their zone has the records. */
function recordOf({ world, id }: View): [string, RecordSet] {
  const zones = world.collection('global', hostedZones).all();
  for (const { id: zoneId, records } of zones)
    for (const record of records) if (`${zoneId}/${keyOf(record)}` === id) return [zoneId, record];
  throw new Error(`no zone has the record ${id}`);
}

export const record: Mapping<{ readonly id: string }> = (_noted, view) => {
  const [HostedZoneId, { name, type, ttl, values, alias, setIdentifier, weight }] = recordOf(view);
  return [
    {
      type: 'AWS::Route53::RecordSet',
      properties: {
        ...{ HostedZoneId, Name: name, Type: type, TTL: ttl === undefined ? undefined : String(ttl) },
        ...{ ResourceRecords: values, SetIdentifier: setIdentifier, Weight: weight },
        AliasTarget: alias && {
          DNSName: alias.dnsName,
          HostedZoneId: alias.zoneId,
          EvaluateTargetHealth: alias.evaluateHealth,
        },
      },
    },
  ];
};

export const parameter: Mapping<Parameter> = ({ name, type, value, description, tier, dataType, tags }) => [
  {
    type: 'AWS::SSM::Parameter',
    properties: {
      ...{ Name: name, Type: type, Value: value, Description: description, Tier: tier, DataType: dataType },
      Tags: Object.fromEntries(tagPairs(tags).map(({ Key, Value }) => [Key, Value])),
    },
  },
];

/** Those of RDS come with their instance. */
export const logGroup: Mapping<Of<typeof logGroups>> = ({ name, retentionDays, logGroupClass, tags }) =>
  isExportedLog({ type: logGroups.type, id: name })
    ? []
    : [
        {
          type: 'AWS::Logs::LogGroup',
          ids: { [name]: 'Ref' },
          properties: {
            ...{ LogGroupName: name, RetentionInDays: retentionDays, LogGroupClass: logGroupClass },
            Tags: tagPairs(tags),
          },
        },
      ];
