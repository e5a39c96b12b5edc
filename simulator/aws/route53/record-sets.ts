import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { Kind, World } from '../core/world.ts';
import { durations } from '../durations.ts';
import { problemWithTarget } from './alias-targets.ts';
import { bareId, zoneOf, zonesOf, type HostedZone } from './hosted-zones.ts';
import {
  compareRecords,
  dotted,
  fromInput,
  keyOf,
  sameKey,
  toOutput,
  type RecordInput,
  type RecordSet,
} from './records.ts';
import { problemWithRouting } from './routing.ts';
import { problemInside } from './values.ts';

/** Each record that was added, for the ledger; the zone holds the records themselves. */
export const notedRecords: Kind<{ readonly id: string }> = { type: 'route53/record-set', tags: () => ({}) };

interface Submitted {
  readonly id: string;
  readonly at: number;
}

const changes: Kind<Submitted> = { type: 'route53/change', tags: () => ({}), exists: () => false };

interface Change {
  readonly Action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly ResourceRecordSet: RecordInput;
}

const listeners: ((world: World) => void)[] = [];

/** Others (ACM) look at the records whenever they change. */
export const onRecordsChanged = (listener: (world: World) => void): void => void listeners.push(listener);

/** A batch is all or nothing, and says everything that is wrong with it. */
const refused = (messages: readonly string[]): AwsError =>
  new AwsError('InvalidChangeBatch', `[${messages.join(', ')}]`, 400, { messages });

const called = ({ name, type, setIdentifier }: RecordSet): string =>
  `[name='${name}', type='${type}'${setIdentifier === undefined ? '' : `, set identifier='${setIdentifier}'`}]`;

function change(input: { HostedZoneId: string; ChangeBatch: { Changes: Change[] } }, request: Request) {
  const { world, now } = request;
  const zone = zoneOf(world, input.HostedZoneId);
  const wrong: string[] = [];
  let records = zone.records;
  for (const { Action, ResourceRecordSet } of input.ChangeBatch.Changes) {
    const record = fromInput(ResourceRecordSet);
    const problem = problemWith(Action, record, zone, records);
    if (problem !== undefined) {
      wrong.push(problem);
      continue;
    }
    const others = records.filter((one) => !sameKey(one, record));
    records = Action === 'DELETE' ? others : [...others, record];
  }
  wrong.push(...missingFrom(zone, records));
  if (wrong.length > 0) throw refused(wrong);
  note(world, zone, records);
  zonesOf(world).change(zone.id, { records });
  for (const listener of listeners) listener(world);
  const id = `C${world.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 20)}`;
  world.collection('global', changes).put(id, { id, at: now });
  return { ChangeInfo: { Id: `/change/${id}`, Status: 'PENDING', SubmittedAt: new Date(now) } };
}

function problemWith(
  action: Change['Action'],
  record: RecordSet,
  zone: HostedZone,
  records: readonly RecordSet[],
): string | undefined {
  const known = records.find((one) => sameKey(one, record));
  if (record.name !== zone.name && !record.name.endsWith(`.${zone.name}`))
    return `RRSet with DNS name ${record.name} is not permitted in zone ${zone.name}`;
  if (action === 'DELETE') {
    if (!known) return `Tried to delete resource record set ${called(record)} but it was not found`;
    return sameRecord(known, record)
      ? undefined
      : `Tried to delete resource record set ${called(record)} but the values provided do not match the current values`;
  }
  if (action === 'CREATE' && known)
    return `Tried to create resource record set ${called(record)} but it already exists`;
  if ((record.alias === undefined) === (record.values === undefined) || (record.values && record.ttl === undefined))
    return `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${record.alias ? 'more than one' : 'none'} in Change with ${called(record)}`;
  const others = records.filter(({ name, type }) => name === record.name && type !== record.type);
  const inside =
    problemInside(record) ?? problemWithRouting(record, records) ?? problemWithTarget(record, zone, records);
  if (inside !== undefined) return inside;
  if (record.type === 'CNAME' && record.name === zone.name)
    return `RRSet of type CNAME with DNS name ${record.name} is not permitted at apex in zone ${zone.name}`;
  if (others.length > 0 && (record.type === 'CNAME' || others.some(({ type }) => type === 'CNAME')))
    return `RRSet of type ${record.type} with DNS name ${record.name} is not permitted because a conflicting RRSet of type ${others[0]?.type} with the same DNS name already exists in zone ${zone.name}`;
  return undefined;
}

/** A zone keeps the records that make it one. */
function missingFrom(zone: HostedZone, records: readonly RecordSet[]): string[] {
  const has = (type: string): boolean => records.some((record) => record.name === zone.name && record.type === type);
  return [
    ...(has('SOA') ? [] : ['A HostedZone must contain exactly one SOA record.']),
    ...(has('NS') ? [] : ['A HostedZone must contain at least one NS record for the zone itself.']),
  ];
}

const sameRecord = (a: RecordSet, b: RecordSet): boolean =>
  a.ttl === b.ttl &&
  a.weight === b.weight &&
  isDeepStrictEqual(a.alias, b.alias) &&
  isDeepStrictEqual([...(a.values ?? [])].sort(), [...(b.values ?? [])].sort());

function note(world: World, zone: HostedZone, after: readonly RecordSet[]): void {
  const noted = world.collection('global', notedRecords);
  const idOf = (record: RecordSet): string => `${zone.id}/${keyOf(record)}`;
  const [had, has] = [zone.records, after].map((list) => new Set(list.map(idOf))) as [Set<string>, Set<string>];
  for (const id of has) if (!had.has(id)) noted.put(id, { id });
  for (const id of had) if (!has.has(id)) noted.remove(id);
}

interface ListRecords {
  readonly HostedZoneId: string;
  readonly StartRecordName?: string;
  readonly StartRecordType?: string;
  readonly StartRecordIdentifier?: string;
  readonly MaxItems?: string | number;
}

function list(input: ListRecords, { world, now }: Request) {
  if (input.StartRecordType !== undefined && input.StartRecordName === undefined)
    throw new AwsError('InvalidInput', 'The record type was specified without a record name.');
  const id = bareId(input.HostedZoneId);
  zoneOf(world, id);
  const seen =
    world.readLagMillis > 0
      ? zonesOf(world)
          .asOf(now - world.readLagMillis)
          .find((zone) => zone.id === id)
      : zoneOf(world, id);
  const records = [...(seen?.records ?? [])].sort(compareRecords);
  const from =
    input.StartRecordName === undefined
      ? undefined
      : {
          name: dotted(input.StartRecordName),
          type: input.StartRecordType ?? '',
          setIdentifier: input.StartRecordIdentifier,
        };
  const rest = from ? records.filter((record) => compareRecords(record, from) >= 0) : records;
  const size = Math.min(Number(input.MaxItems ?? 300), 300, world.pageSize);
  const next = rest[size];
  return {
    ResourceRecordSets: rest.slice(0, size).map(toOutput),
    IsTruncated: next !== undefined,
    ...(next ? { NextRecordName: next.name, NextRecordType: next.type } : {}),
    ...(next?.setIdentifier === undefined ? {} : { NextRecordIdentifier: next.setIdentifier }),
    MaxItems: String(size),
  };
}

export const recordSetOperations: Operations = {
  ChangeResourceRecordSets: change,
  ListResourceRecordSets: list,
  GetChange: ({ Id }: { Id: string }, { world, now }) => {
    const id = Id.replace(/^\/change\//, '');
    const submitted = world.collection('global', changes).get(id);
    // Those of zones are not kept one by one.
    const at = submitted?.at ?? now - durations.recordInSync;
    const Status = now - at >= durations.recordInSync ? 'INSYNC' : 'PENDING';
    return { ChangeInfo: { Id: `/change/${id}`, Status, SubmittedAt: new Date(at) } };
  },
};
