import type { AutoScalingGroup, DesiredConfiguration } from '@aws-sdk/client-auto-scaling';
import { digest } from '../../model/identity.ts';

/** What a group's instances are made from: it changes by an instance refresh, all of it at once. */
export interface Configuration {
  readonly launchTemplateId: string;
  readonly launchTemplateVersion: string;
  /** Empty when the group has no mixed-instances policy: then the launch template names the one type. */
  readonly instanceTypes: readonly string[];
}

/**
 * The tag that names the configuration we last asked for. While it differs from what the group says, a rollout runs or
 * has failed: only then AWS is asked for the group's instance refreshes, which it lists one group a call.
 */
export const rolloutTag = 'ecom.io/rollout';

export const fingerprint = (wanted: Configuration): string =>
  [
    wanted.launchTemplateVersion,
    digest([wanted.launchTemplateId, wanted.launchTemplateVersion, ...typesOf(wanted)].join('\n'), 16),
  ].join('-');

/**
 * The tag that says which configuration AWS has begun to roll out, and from which one: written once it has accepted that,
 * because it keeps the record of an instance refresh for six weeks only. A group that has the earlier one when no record is
 * left was brought back to it.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeInstanceRefreshes.html
 */
export const begunTag = 'ecom.io/rolled-out';

/** As much as a tag holds: more instance types than fit are tried again once AWS has forgotten. */
export const begun = (from: Configuration, to: Configuration): string =>
  [fingerprint(from), to.launchTemplateId, to.launchTemplateVersion, ...to.instanceTypes].join(' ').slice(0, 256);

/** The configuration that was begun last, and the fingerprint of the one before. */
export function begunFrom(tag = ''): { readonly from: string; readonly to: Configuration } {
  const [from = '', launchTemplateId = '', launchTemplateVersion = '', ...instanceTypes] = tag.split(' ');
  return { from, to: { launchTemplateId, launchTemplateVersion, instanceTypes } };
}

/** One type needs no policy, so it may be told either way. */
const typesOf = ({ instanceTypes }: Configuration): readonly string[] =>
  instanceTypes.length > 1 ? instanceTypes : [];

/** A group's or a refresh's configuration in our words. */
export function configurationOf(group: AutoScalingGroup | DesiredConfiguration): Configuration {
  const { LaunchTemplate: policyTemplate } = group.MixedInstancesPolicy ?? {};
  const template = policyTemplate?.LaunchTemplateSpecification ?? group.LaunchTemplate;
  return {
    launchTemplateId: template?.LaunchTemplateId ?? '',
    launchTemplateVersion: template?.Version ?? '',
    instanceTypes: (policyTemplate?.Overrides ?? []).map((override) => override.InstanceType ?? ''),
  };
}

/**
 * The configuration in AWS's words. Several types are tried in their order, all on demand. A group that has a
 * mixed-instances policy keeps one.
 */
export function desiredConfiguration(wanted: Configuration, hasPolicy: boolean): DesiredConfiguration {
  const LaunchTemplate = { LaunchTemplateId: wanted.launchTemplateId, Version: wanted.launchTemplateVersion };
  if (wanted.instanceTypes.length < 2 && !hasPolicy) return { LaunchTemplate };
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: LaunchTemplate,
        Overrides: wanted.instanceTypes.map((InstanceType) => ({ InstanceType })),
      },
      InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 100, OnDemandAllocationStrategy: 'prioritized' },
    },
  };
}
