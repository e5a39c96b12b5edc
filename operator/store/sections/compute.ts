import type { Handle } from '../../model/graph.ts';
import type { Ref } from '../../model/ref.ts';
import { group } from '../../resources/autoscaling/group.ts';
import { imageLookup } from '../../resources/ec2/image-lookup.ts';
import { launchTemplate } from '../../resources/ec2/launch-template.ts';
import { instanceProfile } from '../../resources/iam/instance-profile.ts';
import { role } from '../../resources/iam/role.ts';
import { logGroup } from '../../resources/logs/group.ts';
import { parameterLookup } from '../../resources/ssm/parameter-lookup.ts';
import { fleetOf, retentionDays, secretsPath, storePath, tenantOf, type Site } from '../site.ts';
import { boundaryOf, trust } from './iam.ts';
import type { LoadBalancing } from './load-balancer.ts';
import type { Network } from './network.ts';
import { allow, type Offer } from './offer.ts';
import { composeParameters } from './parameters.ts';
import { userData } from './user-data.ts';

/** What an alarm and the dashboard show of the group. */
const watchedOfGroup = ['GroupDesiredCapacity', 'GroupInServiceInstances', 'GroupMaxSize'] as const;

/**
 * The instances of the store: from an image, in a group that heals and scales itself. They start once everything that
 * the other sections offer them can be found.
 */
export function composeCompute(
  site: Site,
  network: Network,
  loadBalancing: LoadBalancing,
  offers: readonly Offer[],
): void {
  const { graph, spec, owner } = site;
  const { compute } = spec;
  const ids = fleetOf(spec);
  const image = graph.add(
    imageLookup,
    'compute/image',
    { imageId: imageId(site), tenant: tenantOf(site) },
    {
      specFields: { imageId: 'spec.compute.image' },
    },
  );
  const logs = graph.add(logGroup, 'compute/log-group', {
    name: `${storePath(owner)}/app`,
    retentionDays: retentionDays(spec, compute.logRetentionDays),
  });
  const { profileArn, appRole } = composeProfile(site, offers);
  const parameters = [...composeParameters(site, loadBalancing), ...offers.flatMap((offer) => offer.parameters)];
  const instanceTags = { Name: `${owner.name}/app`, 'ecom.io/store': `${owner.namespace}/${owner.name}` };
  const template = graph.add(
    launchTemplate,
    ids.launchTemplate,
    {
      imageId: image.out('imageId'),
      rootDeviceName: image.out('rootDeviceName'),
      dataDeviceNames: image.out('dataDeviceNames'),
      instanceType: compute.instanceTypes[0] as string,
      instanceProfileArn: profileArn,
      securityGroupIds: [network.appGroupId],
      userData: userData(site),
      volumeSizeGib: compute.volume.sizeGiB,
      volumeType: compute.volume.type,
      instanceTags,
      hardened: true,
      isDefault: true,
    },
    {
      after: network.offers,
      specFields: { instanceType: 'spec.compute.instanceTypes', userData: 'spec.compute.userData' },
    },
  );
  graph.add(
    group,
    ids.group,
    {
      launchTemplateId: template.out('launchTemplateId'),
      launchTemplateVersion: template.out('latestVersion'),
      instanceTypes: compute.instanceTypes,
      minSize: compute.scaling.min,
      maxSize: compute.scaling.max,
      subnetIds: network.appSubnetIds,
      targetGroupArns: [loadBalancing.targetGroupArn],
      healthCheckGraceSeconds: compute.healthGraceSeconds,
      targetCpuPercent: compute.scaling.targetCpuPercent,
      minHealthyPercent: compute.rollout.minHealthyPercent,
      warmupSeconds: compute.rollout.warmupSeconds,
      instanceTags,
      suspendedProcesses: [],
      groupMetrics: spec.monitoring && [...watchedOfGroup],
    },
    {
      after: [...network.offers, ...network.routes, appRole, logs, ...parameters],
      specFields: { launchTemplateVersion: 'spec.compute', minSize: 'spec.compute.scaling' },
    },
  );
}

/** The image id as given, or as the parameter holds it now: a new value of the parameter rolls out. */
function imageId({ graph, spec }: Site): string | Ref<string> {
  const { id, ssmParameter } = spec.compute.image;
  if (ssmParameter === undefined) return id as string;
  return graph
    .add(
      parameterLookup,
      'compute/image-parameter',
      { name: ssmParameter },
      {
        specFields: { name: 'spec.compute.image.ssmParameter' },
      },
    )
    .out('value');
}

/** What an instance may do: read its own parameters and secrets, write its own log, be reached by Session Manager, and what is offered. */
function composeProfile(site: Site, offers: readonly Offer[]): { profileArn: Ref<string>; appRole: Handle<unknown> } {
  const { graph, spec, owner, account } = site;
  const path = storePath(owner);
  const arn = (service: string, resource: string) => `arn:aws:${service}:${spec.region}:${account}:${resource}`;
  const appRole = graph.add(
    role,
    'compute/role',
    {
      description: `Instances of store ${owner.namespace}/${owner.name}`,
      trustPolicy: trust('ec2.amazonaws.com'),
      inlinePolicies: {
        'own-parameters': allow(
          ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
          [arn('ssm', `parameter${path}`), arn('ssm', `parameter${path}/*`)],
        ),
        'own-logs': allow(
          ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          [arn('logs', `log-group:${path}/app`), arn('logs', `log-group:${path}/app:*`)],
        ),
        // What people put there: keys of a payment provider, a password for mail.
        'own-secrets': allow(
          ['secretsmanager:GetSecretValue'],
          [arn('secretsmanager', `secret:${secretsPath(owner)}*`)],
        ),
        // Less than AmazonSSMManagedInstanceCore, which may read every parameter of the account.
        // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
        'session-manager': allow(
          [
            'ssm:UpdateInstanceInformation',
            'ssmmessages:CreateControlChannel',
            'ssmmessages:CreateDataChannel',
            'ssmmessages:OpenControlChannel',
            'ssmmessages:OpenDataChannel',
          ],
          '*',
        ),
        ...Object.fromEntries(offers.flatMap(({ policies }) => Object.entries(policies))),
      },
      managedPolicyArns: [],
      permissionsBoundaryArn: boundaryOf(site),
    },
    { specFields: { permissionsBoundaryArn: 'spec.policy.permissionsBoundaryArn' } },
  );
  const profile = graph.add(instanceProfile, 'compute/instance-profile', { roleName: appRole.out('roleName') });
  return { profileArn: profile.out('profileArn'), appRole };
}
