import type { HealthCheck, HealthCheckConfig, HealthCheckRegion } from '@aws-sdk/client-route-53';
import { sameMembers, without } from '../../model/compare.ts';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner } from '../../model/identity.ts';
import { asOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { NodeId } from '../../model/ref.ts';
import type { Found, ResourceType, Scope } from '../../model/resource-type.ts';
import { retag, tagsOf } from './tags.ts';

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
  once: 'token', // The caller reference: a second use with the same settings answers the first one, while that is there.
  endedBy: 'DeleteHealthCheck',
  beat: 'existence',
  scope: 'global',

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.route53('ListHealthChecks', { Marker, MaxItems: '1000' as never });
    for await (const page of pages(read, (answer) => (answer.IsTruncated ? answer.NextMarker : undefined))) {
      const checks = page.HealthChecks ?? [];
      const unknown = checks.map(({ Id = '' }) => Id).filter((id) => scope.known(id) === undefined);
      const tags = await tagsOf(aws, 'healthcheck', unknown);
      yield checks.map((check) => {
        const known = scope.known(check.Id ?? '');
        if (known !== undefined) return told(check, asOwner(known));
        const ofCheck = tags.get(check.Id ?? '') ?? {};
        // One that has others' tags is theirs, whatever its reference says.
        const isBare = Object.keys(ofCheck).length === 0;
        const owner = isBare ? ownerFromReference(check, scope) : ownerFromTags(ofCheck);
        return { ...told(check, owner), ...(isBare && owner ? { unmarked: true as const } : {}) };
      });
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
    await retag(aws, 'healthcheck', found, birth.tags);
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

  retag: (aws, found, tags) => retag(aws, 'healthcheck', found, tags),
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
 * The caller reference, at most 64 characters: AWS makes no second one for it, so it begins with whose the health check is
 * (36 characters of a UID and a node), and ends with as much of the token as there is room for.
 */
const referenceOf = ({ uid, node }: NodeOwner, token: string): string => `${uid}/${node}/${token}`.slice(0, 64);

/**
 * Before it has any tags its caller reference tells whose it is. That names neither installation nor store, but no two
 * stores have one UID.
 */
function ownerFromReference({ CallerReference = '' }: HealthCheck, { installation }: Scope): NodeOwner | undefined {
  const [uid, section, what, token] = CallerReference.split('/');
  if (!uid || !section || !what || !token) return undefined;
  const node: NodeId = `${section}/${what}`;
  return { installation, namespace: '', name: '', uid, node };
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
      // AWS may have more of them one day.
      regions: without(everywhere, regions).length === 0 ? [] : regions,
    },
    outputs: { healthCheckId: id },
  };
}
