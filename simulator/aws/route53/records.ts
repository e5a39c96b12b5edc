import { AwsError } from '../core/aws-error.ts';

/** A record set as the simulator keeps it: names in lower case with a trailing dot, as the DNS has them. */
export interface RecordSet {
  readonly name: string;
  readonly type: string;
  readonly ttl: number | undefined;
  readonly values: readonly string[] | undefined;
  readonly alias: Alias | undefined;
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

/** Route 53 orders records by their labels from right to left. */
export const sortKey = ({ name, type }: Pick<RecordSet, 'name' | 'type'>): string =>
  `${name.split('.').filter(Boolean).reverse().join('\u0001')}\u0000${type}`;

export const compareRecords = (a: Pick<RecordSet, 'name' | 'type'>, b: Pick<RecordSet, 'name' | 'type'>): number =>
  sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0;

export interface RecordInput {
  readonly Name: string;
  readonly Type: string;
  readonly TTL?: number;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
  readonly AliasTarget?: {
    readonly HostedZoneId: string;
    readonly DNSName: string;
    readonly EvaluateTargetHealth: boolean;
  };
}

/** Refuses what is not simulated (routing policies, health checks): silence would be a lie. */
export function fromInput({ Name, Type, TTL, ResourceRecords, AliasTarget, ...others }: RecordInput): RecordSet {
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
  };
}

export const toOutput = ({ name, type, ttl, values, alias }: RecordSet): object => ({
  Name: name,
  Type: type,
  ...(ttl === undefined ? {} : { TTL: ttl }),
  ...(values ? { ResourceRecords: values.map((Value) => ({ Value })) } : {}),
  ...(alias
    ? {
        AliasTarget: { HostedZoneId: alias.zoneId, DNSName: alias.dnsName, EvaluateTargetHealth: alias.evaluateHealth },
      }
    : {}),
});
