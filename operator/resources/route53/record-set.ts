import type { Change, ResourceRecordSet, RRType } from '@aws-sdk/client-route-53';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import type { NodeOwner } from '../../model/identity.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { heritageName, heritageValue, ownerFromHeritage, subjectOf } from './heritage.ts';
import { plainName } from './names.ts';

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
  needs: ['route53/hosted-zone', 'elbv2/load-balancer', 'acm/certificate'],
  replace: 'create-first',
  once: 'name',
  key: ({ zoneId, name, type }) => `${zoneId}/${name}/${type}`,
  parentOf: ({ zoneId }) => zoneId,
  parentType: 'route53/hosted-zone',
  beat: 'existence',
  scope: 'global',

  async *list(aws, { parents }) {
    for (const zoneId of parents) yield await recordsOf(aws, zoneId);
  },

  async create(aws, props, birth) {
    // CREATE, never UPSERT: a record that somebody else made is not overwritten, and the batch is all or nothing.
    await change(aws, props.zoneId, [
      { Action: 'CREATE', ResourceRecordSet: asRecord(props) },
      { Action: 'CREATE', ResourceRecordSet: heritage(props, birth.owner) },
    ]);
    return { ...identity(props), owner: birth.owner, state: { is: 'ready' }, props: { ...props } };
  },

  async update(aws, found, props) {
    await change(aws, props.zoneId, [
      { Action: 'UPSERT', ResourceRecordSet: asRecord(props) },
      { Action: 'UPSERT', ResourceRecordSet: heritage(props, found.owner as NodeOwner) },
    ]);
  },

  async delete(aws, found) {
    const props = found.props as RecordSetProps;
    // Only what stands there now can be deleted, value for value; somebody may have changed it since the last list.
    const now = (await recordsOf(aws, props.zoneId)).find(({ id }) => id === found.id);
    if (!now) return;
    const batch: ResourceRecordSet[] = [asRecord(now.props as RecordSetProps)];
    if (now.owner) batch.push(heritage(props, now.owner));
    await orAbsent(
      change(
        aws,
        props.zoneId,
        batch.map((record) => ({ Action: 'DELETE', ResourceRecordSet: record })),
      ),
    );
  },
};

async function change(aws: Aws, HostedZoneId: string, Changes: Change[]): Promise<void> {
  await aws.route53('ChangeResourceRecordSets', { HostedZoneId, ChangeBatch: { Changes } });
}

/** Every record of a zone that could be ours, with the owner that its heritage names. A zone that is gone has none. */
async function recordsOf(aws: Aws, HostedZoneId: string): Promise<RecordFound[]> {
  const all: ResourceRecordSet[] = [];
  const read = (at?: string) => {
    const [StartRecordName, StartRecordType, StartRecordIdentifier] = at?.split(' ') ?? [];
    return orAbsent(
      aws.route53('ListResourceRecordSets', {
        HostedZoneId,
        StartRecordName,
        StartRecordType: StartRecordType as RRType | undefined,
        StartRecordIdentifier: StartRecordIdentifier || undefined,
      }),
    ).then((answer) => answer ?? { ResourceRecordSets: [], IsTruncated: false });
  };
  const next = (answer: Awaited<ReturnType<typeof read>>): string | undefined =>
    'NextRecordName' in answer && answer.IsTruncated
      ? `${answer.NextRecordName} ${answer.NextRecordType} ${answer.NextRecordIdentifier ?? ''}`
      : undefined;
  for await (const page of pages(read, next)) all.push(...(page.ResourceRecordSets ?? []));
  const owners = new Map<string, NodeOwner>();
  for (const { Name = '', Type, ResourceRecords } of all) {
    const subject = Type === 'TXT' ? subjectOf(plainName(Name)) : undefined;
    const owner = subject && ownerFromHeritage(ResourceRecords?.[0]?.Value);
    if (subject && owner) owners.set(`${subject.name}/${subject.type}`, owner);
  }
  return all
    .filter(({ Name = '', Type }) => Type !== 'NS' && Type !== 'SOA' && !(Type === 'TXT' && subjectOf(plainName(Name))))
    .map((record) => told(HostedZoneId, record, owners));
}

function told(zoneId: string, record: ResourceRecordSet, owners: ReadonlyMap<string, NodeOwner>): RecordFound {
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
  return { ...identity(props), owner: owners.get(`${name}/${type}`), state: { is: 'ready' }, props };
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
