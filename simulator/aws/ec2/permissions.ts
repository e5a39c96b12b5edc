import type { TagMap } from '../core/tags.ts';

/** One rule of a security group, as EC2 keeps them since 2021: one source each, with an id of its own. */
export interface Rule {
  readonly id: string;
  readonly egress: boolean;
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly source: Source;
  readonly description: string | undefined;
  readonly tags: TagMap;
}

export interface Source {
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly groupId?: string;
  readonly prefixListId?: string;
}

/** The older shape: rules of the same protocol and ports in one permission. */
export interface IpPermission {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp?: string; readonly Description?: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6?: string; readonly Description?: string }[];
  readonly PrefixListIds?: readonly { readonly PrefixListId?: string; readonly Description?: string }[];
  readonly UserIdGroupPairs?: readonly {
    readonly GroupId?: string;
    readonly UserId?: string;
    readonly Description?: string;
  }[];
}

const protocolNames: Readonly<Record<string, string>> = {
  '6': 'tcp',
  '17': 'udp',
  '1': 'icmp',
  '58': 'icmpv6',
  all: '-1',
};

type Unnamed = Omit<Rule, 'id' | 'egress' | 'tags'>;

/** The rules that some permissions stand for. */
export const rulesFrom = (permissions: readonly IpPermission[] = []): Unnamed[] =>
  permissions.flatMap((permission) => {
    const protocol = protocolNames[permission.IpProtocol ?? ''] ?? permission.IpProtocol ?? '-1';
    // "If you specify -1, all ports are opened, whatever ports you give."
    const ports =
      protocol === '-1'
        ? { fromPort: undefined, toPort: undefined }
        : { fromPort: permission.FromPort, toPort: permission.ToPort };
    const rule = (source: Source, description: string | undefined): Unnamed => ({
      protocol,
      ...ports,
      source,
      description,
    });
    return [
      ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => rule({ cidr: CidrIp }, Description)),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => rule({ cidr6: CidrIpv6 }, Description)),
      ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, Description }) => rule({ groupId: GroupId }, Description)),
      ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) =>
        rule({ prefixListId: PrefixListId }, Description),
      ),
    ];
  });

export const sameRule = (a: Unnamed, b: Unnamed): boolean =>
  a.protocol === b.protocol &&
  a.fromPort === b.fromPort &&
  a.toPort === b.toPort &&
  a.source.cidr === b.source.cidr &&
  a.source.cidr6 === b.source.cidr6 &&
  a.source.groupId === b.source.groupId &&
  a.source.prefixListId === b.source.prefixListId;

const described = (description: string | undefined) => (description === undefined ? {} : { Description: description });

/** Rules as permissions, one for each protocol and range of ports. */
export function permissionsOf(rules: readonly Rule[], account: string): object[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = [rule.protocol, rule.fromPort, rule.toPort].join('/');
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()].map((same) => {
    const [{ protocol, fromPort, toPort }] = same as [Rule];
    const from = <K extends keyof Source>(part: K) => same.filter(({ source }) => source[part] !== undefined);
    return {
      IpProtocol: protocol,
      ...(protocol === '-1' ? {} : { FromPort: fromPort, ToPort: toPort }),
      IpRanges: from('cidr').map(({ source, description }) => ({ CidrIp: source.cidr, ...described(description) })),
      Ipv6Ranges: from('cidr6').map(({ source, description }) => ({
        CidrIpv6: source.cidr6,
        ...described(description),
      })),
      PrefixListIds: from('prefixListId').map(({ source, description }) => ({
        PrefixListId: source.prefixListId,
        ...described(description),
      })),
      UserIdGroupPairs: from('groupId').map(({ source, description }) => ({
        GroupId: source.groupId,
        UserId: account,
        ...described(description),
      })),
    };
  });
}
