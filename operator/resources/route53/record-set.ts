import type { Change, ResourceRecordSet, RRType } from '@aws-sdk/client-route-53';
import { sameMembers } from '../../model/compare.ts';
import { Fault, faultOf, orAbsent } from '../../model/faults.ts';
import type { NodeOwner } from '../../model/identity.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { heritageName, heritageValue, ownerFromHeritage, subjectOf } from './heritage.ts';
import { plainName } from './names.ts';
import { changeRecords, recordSetsOf } from './records.ts';

/** One name in the DNS, with a record beside it that says it is ours. */
export interface RecordSetProps {
  readonly zoneId: string;
  /** In lower case, without a trailing dot. */
  readonly name: string;
  readonly type: string;
  /** Either an alias, or values with a time to live. */
  readonly alias?: AliasTarget;
  readonly values?: readonly string[];
  readonly ttlSeconds?: number;
}

export interface AliasTarget {
  readonly dnsName: string;
  readonly hostedZoneId: string;
  readonly evaluateHealth: boolean;
}

export interface RecordSetOutputs {
  readonly name: string;
}

type RecordFound = Found<RecordSetProps, RecordSetOutputs>;

export const recordSet: ResourceType<RecordSetProps, RecordSetOutputs> = {
  name: 'route53/record-set',
  fields: {
    zoneId: 'fixed',
    name: 'fixed',
    type: 'fixed',
    alias: { mode: 'live', equal: sameAlias },
    values: { mode: 'live', equal: sameMembers },
    ttlSeconds: 'live',
  },
  // A record goes before what it points to: a dangling name can be taken over.
  needs: ['route53/hosted-zone', 'elbv2/load-balancer', 'cloudfront/distribution', 'acm/certificate'],
  replace: 'create-first',
  once: 'name',
  endedBy: 'ChangeResourceRecordSets',
  key: ({ zoneId, name, type }) => `${zoneId}/${name}/${type}`,
  /**
   * The CNAMEs of a store prove its certificates, and whoever proved another of the same name and account has made the very
   * same record. Of other records it matters whose answer they are.
   * https://github.com/hashicorp/terraform-provider-aws/issues/13653
   */
  suffices: ({ type, values }, { props }) =>
    type === 'CNAME' && sameMembers(values?.map(withoutDot) ?? [], props.values?.map(withoutDot) ?? []),
  parentOf: ({ zoneId }) => zoneId,
  parentType: 'route53/hosted-zone',
  beat: 'existence',
  leadsPeople: true,
  leadsAs: ({ name, type }, found) => name === found.name && type === found.type,
  scope: 'global',

  async *list(aws, { parents }) {
    for (const zoneId of parents) yield await recordsOf(aws, zoneId);
  },

  async create(aws, props, birth) {
    // CREATE, never UPSERT: a record that somebody else made is not overwritten, and the batch is all or nothing.
    await changeRecords(aws, props.zoneId, [
      { Action: 'CREATE', ResourceRecordSet: asRecord(props) },
      { Action: 'CREATE', ResourceRecordSet: heritage(props, birth.owner) },
    ]);
    return { ...identity(props), owner: birth.owner, state: { is: 'ready' }, props: { ...props } };
  },

  async update(aws, found, props) {
    const { heritage: was } = await standing(aws, props);
    if (!was || ownerOf(was)?.uid !== found.owner?.uid)
      throw new Fault('foreign', `${props.type} record ${props.name} is no longer marked as ours; it is left alone`, {
        remedy: `remove the record, or restore the TXT record ${heritageName(props.name, props.type)}`,
      });
    // Deleting the mark as it was read makes Route 53 check that it still stands: else nothing of the batch is done.
    await changeRecords(aws, props.zoneId, [
      { Action: 'DELETE', ResourceRecordSet: was },
      { Action: 'CREATE', ResourceRecordSet: heritage(props, found.owner as NodeOwner) },
      { Action: 'UPSERT', ResourceRecordSet: asRecord(props) },
    ]);
  },

  async delete(aws, found) {
    const { zoneId } = found.props as RecordSetProps;
    // As it is known: what was made a moment ago no list may tell yet, and no reading is spent on the others.
    if (await isDeletedAs(aws, found)) return;
    // Only what stands there now can be deleted, value for value; and only what is still marked as ours.
    const { record, heritage: mark } = await standing(aws, found.props as RecordSetProps);
    if (!mark || ownerOf(mark)?.uid !== found.owner?.uid) return;
    await orAbsent(changeRecords(aws, zoneId, removing(record ? [record, mark] : [mark])));
  },
};

/** Whether the record with its mark was deleted, as both are known; false when one of them stands otherwise, or is gone. */
async function isDeletedAs(aws: Aws, { props, owner }: RecordFound): Promise<boolean> {
  const known = props as RecordSetProps;
  if (!owner || (!known.alias && !known.values)) return false;
  const deletion = changeRecords(aws, known.zoneId, removing([asRecord(known), heritage(known, owner)]));
  return (await faultOf(deletion, 'absent', 'busy')) === undefined;
}

const withoutDot = (name: string): string => name.replace(/\.$/, '');

const removing = (records: readonly ResourceRecordSet[]): Change[] =>
  records.map((one): Change => ({ Action: 'DELETE', ResourceRecordSet: one }));

/**
 * The record and its mark as they stand now, each undefined when it is not there. The mark is read first: both are made in
 * one batch, so whoever has seen the mark sees the record as well, however long either reading waits for its turn.
 */
async function standing(aws: Aws, { zoneId, name, type }: Pick<RecordSetProps, 'zoneId' | 'name' | 'type'>) {
  const mark = await recordAt(aws, zoneId, heritageName(name, type), 'TXT');
  return { record: await recordAt(aws, zoneId, name, type), heritage: mark };
}

async function recordAt(aws: Aws, HostedZoneId: string, name: string, type: string) {
  const at = { StartRecordName: name, StartRecordType: type as RRType };
  const answer = await orAbsent(aws.route53('ListResourceRecordSets', { HostedZoneId, ...at }));
  return answer?.ResourceRecordSets?.find(({ Name = '', Type }) => plainName(Name) === name && Type === type);
}

/**
 * Every record of a zone that could be ours, with the owner that its mark names. A mark whose record somebody removed is
 * told as a record without content: an update puts the content back.
 */
async function recordsOf(aws: Aws, zoneId: string): Promise<RecordFound[]> {
  const marks = new Map<string, RecordFound>();
  const found = new Map<string, RecordFound>();
  for (const record of await recordSetsOf(aws, zoneId)) {
    const [name, type] = [plainName(record.Name ?? ''), record.Type ?? ''];
    const subject = type === 'TXT' ? subjectOf(name) : undefined;
    if (subject) {
      const bare = told(zoneId, { Name: subject.name, Type: subject.type as RRType });
      marks.set(bare.id, { ...bare, owner: ownerOf(record) });
    } else if (type !== 'NS' && type !== 'SOA') {
      const one = told(zoneId, record);
      found.set(one.id, one);
    }
  }
  return [
    ...[...found.values()].map((one) => ({ ...one, owner: marks.get(one.id)?.owner })),
    ...[...marks.values()].filter(({ id }) => !found.has(id)),
  ];
}

const ownerOf = ({ ResourceRecords }: ResourceRecordSet): NodeOwner | undefined =>
  ownerFromHeritage(ResourceRecords?.[0]?.Value);

function told(zoneId: string, record: ResourceRecordSet): RecordFound {
  const [name, type] = [plainName(record.Name ?? ''), record.Type ?? ''];
  const { AliasTarget: alias, ResourceRecords, TTL } = record;
  const props = {
    zoneId,
    name,
    type,
    alias: alias && {
      dnsName: plainName(alias.DNSName ?? ''),
      hostedZoneId: alias.HostedZoneId ?? '',
      evaluateHealth: alias.EvaluateTargetHealth ?? false,
    },
    values: ResourceRecords?.map(({ Value = '' }) => Value),
    ttlSeconds: TTL,
  };
  return { ...identity(props), owner: undefined, state: { is: 'ready' }, props };
}

const identity = ({ zoneId, name, type }: RecordSetProps): Pick<RecordFound, 'id' | 'key' | 'outputs'> => ({
  id: `${zoneId}/${name}/${type}`,
  key: `${zoneId}/${name}/${type}`,
  outputs: { name },
});

function asRecord(props: RecordSetProps): ResourceRecordSet {
  const named = { Name: props.name, Type: props.type as RRType };
  if (!props.alias)
    return { ...named, TTL: props.ttlSeconds, ResourceRecords: (props.values ?? []).map((Value) => ({ Value })) };
  const { dnsName, hostedZoneId, evaluateHealth } = props.alias;
  return {
    ...named,
    AliasTarget: { DNSName: dnsName, HostedZoneId: hostedZoneId, EvaluateTargetHealth: evaluateHealth },
  };
}

const heritage = ({ name, type }: RecordSetProps, owner: NodeOwner): ResourceRecordSet => ({
  Name: heritageName(name, type),
  Type: 'TXT',
  TTL: 300,
  ResourceRecords: [{ Value: heritageValue(owner) }],
});

/** Route 53 and the console put `dualstack.` before a load balancer's name; it leads to the same place. */
function sameAlias(wanted: AliasTarget, found: AliasTarget): boolean {
  const bare = ({ dnsName }: AliasTarget) => plainName(dnsName).replace(/^dualstack\./, '');
  return (
    bare(wanted) === bare(found) &&
    wanted.hostedZoneId === found.hostedZoneId &&
    wanted.evaluateHealth === found.evaluateHealth
  );
}
