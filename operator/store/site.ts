import type { GraphBuilder } from '../model/graph.ts';
import { digest, type Owner } from '../model/identity.ts';
import type { Tenant } from '../model/ownership.ts';
import type { NodeId } from '../model/ref.ts';
import type { EcomStoreSpec } from './spec.ts';

/** What every section composes from: the spec with its defaults, whose it is, and the account it goes to. */
export interface Site {
  readonly owner: Owner;
  readonly account: string;
  readonly spec: EcomStoreSpec;
  /** The permissions boundary that the installation has for all roles. */
  readonly boundary?: string | undefined;
  readonly graph: GraphBuilder;
}

/** Who may name what, of things that may be another store's. */
export const tenantOf = ({ owner: { installation, namespace } }: Site): Tenant => ({ installation, namespace });

/** The path below which the store's parameters lie, and what its log groups are called after. */
export const storePath = ({ namespace, name }: Owner): string => `/ecom/${namespace}/${name}`;

/**
 * What the names of the secrets begin with that people give the store's application. The operator knows none of them: its
 * own names begin otherwise (`resources/secretsmanager/secret.ts`), and its role is held to those.
 */
export const secretsPath = ({ namespace, name }: Owner): string => `ecom/${namespace}/${name}/`;

/** Below it lie the names that stores have inside their VPCs. */
export const internalDomain = 'ecom.internal';

/** The zone that the store's own VPC sees its names in: no two stores of a cluster have one. */
export const internalZone = ({ namespace, name }: Owner): string => `${name}.${namespace}.${internalDomain}`;

/**
 * Names of what belongs to one of the two ways in: a load balancer that faces the internet, or one inside the network
 * behind a CDN. A store that gets or loses its CDN has both for a while.
 */
export function wayIn(spec: EcomStoreSpec): WayIn {
  const way = spec.cdn ? throughCdn : direct;
  return { ...way, targets: ofFleet(spec, way.targets) };
}

export interface WayIn {
  readonly group: NodeId;
  readonly balancer: NodeId;
  readonly targets: NodeId;
  readonly https: NodeId;
  /** The begin of the names of rules. */
  readonly rules: NodeId;
}

const direct: WayIn = {
  group: 'network/sg-alb',
  balancer: 'loadBalancer/balancer',
  targets: 'loadBalancer/targets',
  https: 'loadBalancer/https',
  rules: 'identity/rule',
};
const throughCdn: WayIn = {
  group: 'network/sg-alb-internal',
  balancer: 'loadBalancer/internal',
  targets: 'loadBalancer/internal-targets',
  https: 'loadBalancer/internal-https',
  rules: 'identity/internal-rule',
};

/** Both ways in. */
export const waysIn: readonly WayIn[] = [direct, throughCdn];

/**
 * Names of what belongs to instances that listen on one port and tell their health by one path. No instance listens on two
 * ports, and an older application need not know a newer one's path: a store that moves has both kinds for a while.
 */
export const fleetOf = (spec: EcomStoreSpec): Fleet => ({
  securityGroup: onPort(spec, 'network/sg-app'),
  launchTemplate: ofFleet(spec, 'compute/launch-template'),
  group: ofFleet(spec, 'compute/group'),
});

export interface Fleet {
  readonly securityGroup: NodeId;
  readonly launchTemplate: NodeId;
  readonly group: NodeId;
}

/** Port and health path of an application of which nobody has said others; the names of its instances say none either. */
export const usualPort = 8080;
export const usualHealthPath = '/healthz';

const onPort = ({ compute: { port } }: EcomStoreSpec, id: NodeId): NodeId =>
  port === usualPort ? id : `${id}-${port}`;

const byPath = ({ compute: { healthPath } }: EcomStoreSpec, id: NodeId): NodeId =>
  healthPath === usualHealthPath ? id : `${id}-${digest(healthPath, 6)}`;

const ofFleet = (spec: EcomStoreSpec, id: NodeId): NodeId => byPath(spec, onPort(spec, id));

/** The health check of the host asks for a page of its own, or for the health path, and that not before it is served. */
export const healthCheckOf = (spec: EcomStoreSpec): NodeId => {
  const id: NodeId = 'monitoring/health-check';
  return spec.monitoring?.healthCheck.path === undefined ? byPath(spec, id) : id;
};

/**
 * The certificate that the CDN shows. CloudFront takes it from us-east-1 alone.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
 */
export const edgeCertificateOf = ({ region, cdn }: EcomStoreSpec): NodeId =>
  cdn?.certificateArn === undefined && region === 'us-east-1' ? 'domain/certificate' : 'cdn/certificate';

/** How many days a log group keeps what it has: as its own section says, unless monitoring says it for all. */
export const retentionDays = ({ monitoring }: EcomStoreSpec, own: number): number =>
  monitoring?.logRetentionDays ?? own;

/** All host names of the store, its main one first. */
export const hostNames = ({ domain }: EcomStoreSpec): string[] => [domain.host, ...(domain.aliases ?? [])];

/**
 * A name in AWS for something of the store whose ARN has to be known before it is made: at most 64 characters, and nobody
 * else's in the account.
 */
export const uniqueName = ({ installation, uid, name }: Owner, what: string): string =>
  `${name.slice(0, 30)}-${what.slice(0, 22)}-${digest([installation, uid, what].join('\n'), 10)}`;

/** A host name as part of a node's id, at most 40 characters: node ids go into tags and status. */
export const hostLabel = (name: string): string =>
  name.length <= 40 ? name : `${name.slice(0, 31)}-${digest(name, 8)}`;
