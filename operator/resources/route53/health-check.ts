import type { HealthCheck, HealthCheckConfig, HealthCheckRegion } from '@aws-sdk/client-route-53';
import { sameMembers } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { batches, pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { NodeId } from '../../model/ref.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';

/** What asks for a page of the store from around the world, as its customers do. */
export interface HealthCheckProps {
  readonly type: 'HTTPS';
  readonly host: string;
  readonly path: string;
  readonly port: number;
  readonly intervalSeconds: number;
  readonly failureThreshold: number;
  readonly measureLatency: boolean;
  /** Whether the name of the host is in the handshake: a load balancer of several certificates needs it. */
  readonly sni: boolean;
  readonly inverted: boolean;
  /** A disabled one always calls the host healthy. */
  readonly disabled: boolean;
  /** From where it is asked; empty for everywhere. */
  readonly regions: readonly string[];
}

export interface HealthCheckOutputs {
  readonly healthCheckId: string;
}

type CheckFound = Found<HealthCheckProps, HealthCheckOutputs>;

export const healthCheck: ResourceType<HealthCheckProps, HealthCheckOutputs> = {
  name: 'route53/health-check',
  fields: {
    type: 'fixed',
    host: 'live',
    path: 'live',
    port: 'live',
    intervalSeconds: 'fixed',
    failureThreshold: 'live',
    measureLatency: 'fixed',
    sni: 'live',
    inverted: 'live',
    disabled: 'live',
    regions: { mode: 'live', equal: sameMembers },
  },
  needs: [],
  replace: 'create-first',
  once: 'token', // The caller reference: a second use with the same settings answers the first one.
  beat: 'existence',
  scope: 'global',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.route53('ListHealthChecks', { Marker, MaxItems: '1000' as never });
    for await (const page of pages(read, (answer) => (answer.IsTruncated ? answer.NextMarker : undefined))) {
      const checks = page.HealthChecks ?? [];
      const tagged = await tagsOf(
        aws,
        checks.map(({ Id = '' }) => Id).filter((id) => scope.known(id) === undefined),
      );
      yield checks.map((check) => told(check, ownerOf(check, scope, tagged)));
    }
  },

  async create(aws, props, birth) {
    const { HealthCheck: made = undefined } = await aws.route53('CreateHealthCheck', {
      CallerReference: referenceOf(birth.owner, birth.token),
      HealthCheckConfig: {
        ...toSettings(props),
        Type: props.type,
        RequestInterval: props.intervalSeconds,
        MeasureLatency: props.measureLatency,
      },
    });
    const found = told(made, birth.owner);
    // CreateHealthCheck takes no tags: until they are there the caller reference tells whose it is.
    await aws.route53('ChangeTagsForResource', {
      ...{ ResourceType: 'healthcheck', ResourceId: found.id },
      AddTags: tagPairs(birth.tags),
    });
    return found;
  },

  /** With the version that was read: if somebody changes it in between, nothing is done, and it is read again. */
  async update(aws, found, props) {
    const HealthCheckId = found.id;
    const { HealthCheck: now } = await aws.route53('GetHealthCheck', { HealthCheckId });
    await aws.route53('UpdateHealthCheck', {
      ...{ HealthCheckId, HealthCheckVersion: now?.HealthCheckVersion, ...toSettings(props) },
      ResetElements: props.regions.length === 0 ? ['Regions'] : undefined,
    });
  },

  async delete(aws, found) {
    await orAbsent(aws.route53('DeleteHealthCheck', { HealthCheckId: found.id }));
  },
};

/** What may be given at birth and be changed. */
const toSettings = (props: HealthCheckProps) => ({
  FullyQualifiedDomainName: props.host,
  ResourcePath: props.path,
  Port: props.port,
  FailureThreshold: props.failureThreshold,
  EnableSNI: props.sni,
  Inverted: props.inverted,
  Disabled: props.disabled,
  Regions: props.regions.length > 0 ? ([...props.regions] as HealthCheckRegion[]) : undefined,
});

/**
 * The caller reference, at most 64 characters: it can never be used again, so it begins with whose the health check is
 * (36 characters of a UID and a node), and ends with as much of the token as there is room for.
 */
const referenceOf = ({ uid, node }: NodeOwner, token: string): string => `${uid}/${node}/${token}`.slice(0, 64);

/**
 * As was learnt earlier; else as its tags tell; and before it has any, as its caller reference does. That names neither
 * installation nor store, but no two stores have one UID.
 */
function ownerOf(check: HealthCheck, scope: Scope, tagged: ReadonlyMap<string, Tagged>): NodeOwner | undefined {
  const { Id: id = '', CallerReference: reference = '' } = check;
  const known = scope.known(id);
  if (known !== undefined) return asOwner(known);
  const tags = tagged.get(id);
  if (tags === undefined || tags.count > 0) return tags?.owner;
  const [uid, section, what, token] = reference.split('/');
  if (!uid || !section || !what || !token) return undefined;
  const node: NodeId = `${section}/${what}`;
  return { installation: scope.installation, namespace: '', name: '', uid, node };
}

interface Tagged {
  readonly count: number;
  readonly owner: NodeOwner | undefined;
}

/** Tags come ten health checks at a time. */
async function tagsOf(aws: Aws, ids: readonly string[]): Promise<Map<string, Tagged>> {
  const tagged = new Map<string, Tagged>();
  for (const ResourceIds of batches(ids, 10)) {
    const { ResourceTagSets = [] } = await aws.route53('ListTagsForResources', {
      ...{ ResourceType: 'healthcheck', ResourceIds },
    });
    for (const { ResourceId = '', Tags = [] } of ResourceTagSets) {
      const owner = ownerFromTags(tagsFromPairs(Tags));
      tagged.set(ResourceId, { count: Tags.length, owner });
    }
  }
  return tagged;
}

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html: those that ask when none are named. */
const everywhere = [
  ...['us-east-1', 'us-west-1', 'us-west-2', 'eu-west-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'],
  'sa-east-1',
];

function told(found: HealthCheck | undefined, owner: NodeOwner | undefined): CheckFound {
  const config: Partial<HealthCheckConfig> = found?.HealthCheckConfig ?? {};
  const { Id: id = '' } = found ?? {};
  const { Regions: regions = [] } = config;
  return {
    id,
    owner,
    state: { is: 'ready' },
    props: {
      type: config.Type as 'HTTPS',
      host: config.FullyQualifiedDomainName,
      path: config.ResourcePath,
      port: config.Port,
      intervalSeconds: config.RequestInterval,
      failureThreshold: config.FailureThreshold,
      measureLatency: config.MeasureLatency,
      sni: config.EnableSNI,
      inverted: config.Inverted,
      disabled: config.Disabled,
      regions: sameMembers(regions, everywhere) ? [] : regions,
    },
    outputs: { healthCheckId: id },
  };
}
