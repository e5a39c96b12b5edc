import { AwsError } from '../core/aws-error.ts';

/** A record set as the simulator keeps it: names in lower case with a trailing dot, as the DNS has them. */
export interface RecordSet {
  readonly name: string;
  readonly type: string;
  readonly ttl: number | undefined;
  readonly values: readonly string[] | undefined;
  readonly alias: Alias | undefined;
  /** Of one of several records that answer in turn for a name: what tells it from the others, and its share. */
  readonly setIdentifier?: string;
  readonly weight?: number;
}

export interface Alias {
  readonly zoneId: string;
  readonly dnsName: string;
  readonly evaluateHealth: boolean;
}

/** `Shop.Example.com` as `shop.example.com.`; Route 53 writes a `*` as `\052`. */
export const dotted = (name: string): string => {
  const lower = name.toLowerCase().replace(/\*/g, '\\052');
  return lower.endsWith('.') ? lower : `${lower}.`;
};

/** What tells a record set from all others of its zone. */
export type RecordKey = Pick<RecordSet, 'name' | 'type' | 'setIdentifier'>;

export const sameKey = (a: RecordKey, b: RecordKey): boolean =>
  a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier;

/** `<name>/<type>`, and the set identifier after it where there is one. */
export const keyOf = ({ name, type, setIdentifier }: RecordKey): string =>
  [name, type, ...(setIdentifier === undefined ? [] : [setIdentifier])].join('/');

/** Route 53 orders records by their labels from right to left, then by type, then by set identifier. */
export const sortKey = ({ name, type, setIdentifier = '' }: RecordKey): string =>
  [name.split('.').filter(Boolean).reverse().join('\u0001'), type, setIdentifier].join('\u0000');

export const compareRecords = (a: RecordKey, b: RecordKey): number =>
  sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0;

export interface RecordInput {
  readonly Name: string;
  readonly Type: string;
  readonly SetIdentifier?: string;
  readonly Weight?: number;
  readonly TTL?: number;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
  readonly AliasTarget?: {
    readonly HostedZoneId: string;
    readonly DNSName: string;
    readonly EvaluateTargetHealth: boolean;
  };
}

/** Refuses what is not simulated (other routing policies than weights, health checks): silence would be a lie. */
export function fromInput(input: RecordInput): RecordSet {
  const { Name, Type, SetIdentifier, Weight, TTL, ResourceRecords, AliasTarget, ...others } = input;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new AwsError('InvalidInput', `The simulator knows no records with ${other}`, 501);
  return {
    name: dotted(Name),
    type: Type,
    ttl: TTL,
    values: ResourceRecords?.map(({ Value }) => Value),
    alias: AliasTarget && {
      zoneId: AliasTarget.HostedZoneId,
      dnsName: dotted(AliasTarget.DNSName),
      evaluateHealth: AliasTarget.EvaluateTargetHealth,
    },
    ...(SetIdentifier === undefined ? {} : { setIdentifier: SetIdentifier }),
    ...(Weight === undefined ? {} : { weight: Number(Weight) }),
  };
}

export const toOutput = ({ name, type, ttl, values, alias, setIdentifier, weight }: RecordSet): object => ({
  Name: name,
  Type: type,
  ...(setIdentifier === undefined ? {} : { SetIdentifier: setIdentifier, Weight: weight }),
  ...(ttl === undefined ? {} : { TTL: ttl }),
  ...(values ? { ResourceRecords: values.map((Value) => ({ Value })) } : {}),
  ...(alias
    ? {
        AliasTarget: { HostedZoneId: alias.zoneId, DNSName: alias.dnsName, EvaluateTargetHealth: alias.evaluateHealth },
      }
    : {}),
});
