import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';
import type { TemplateNamed } from '../ec2/launch-templates.ts';

export type TemplateSpecification = TemplateNamed & { readonly Version?: string };

/** What instances are made from, as the API has it. */
export interface Configuration {
  readonly LaunchTemplate?: TemplateSpecification;
  readonly MixedInstancesPolicy?: {
    readonly LaunchTemplate?: {
      readonly LaunchTemplateSpecification?: TemplateSpecification;
      readonly Overrides?: readonly { readonly InstanceType?: string }[];
    };
    readonly InstancesDistribution?: Readonly<Record<string, unknown>>;
  };
}

export interface GroupTag {
  readonly Key: string;
  readonly Value: string;
  readonly PropagateAtLaunch: boolean;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly configuration: Configuration;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** One more than desired while a rollout launches before it terminates. */
  readonly surge: number;
  readonly cooldown: number;
  readonly subnetIds: readonly string[];
  readonly zones: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly healthCheckType: string;
  readonly graceSeconds: number;
  readonly warmupSeconds: number | undefined;
  readonly protectsNew: boolean;
  readonly terminationPolicies: readonly string[];
  readonly deletionProtection: string;
  readonly tags: readonly GroupTag[];
  readonly suspended: readonly string[];
  readonly metrics: readonly string[];
  readonly deleting: boolean;
  /** Launches that failed in a row, and when the next may be tried. */
  readonly failures: number;
  readonly retryAt: number;
  /** Settings that are kept and told, and change nothing here. */
  readonly others: Readonly<Record<string, unknown>>;
}

export const groups: Kind<Group> = {
  type: 'autoscaling/group',
  tags: ({ tags }) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
};

export type Lifecycle = 'Pending' | 'InService' | 'Terminating';

/** An instance as its group sees it. */
export interface Member {
  readonly id: string;
  readonly group: string;
  readonly type: string;
  readonly zone: string;
  readonly template: {
    readonly LaunchTemplateId: string;
    readonly LaunchTemplateName: string;
    readonly Version: string;
  };
  readonly lifecycle: Lifecycle;
  readonly healthy: boolean;
  /** Unhealthy because the load balancer found it so. */
  readonly failedChecks: boolean;
  readonly protectedFromScaleIn: boolean;
  readonly launchedAt: number;
  readonly inServiceAt: number | undefined;
  readonly activityId: string;
}

const partOfGroup = { tags: (): TagMap => ({}), exists: () => false };

export const members: Kind<Member> = { type: 'autoscaling/member', ...partOfGroup };

export interface Policy {
  readonly id: string;
  readonly arn: string;
  readonly group: string;
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export const policies: Kind<Policy> = { type: 'autoscaling/policy', ...partOfGroup };

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

export const noGroup = (name: string): AwsError =>
  invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);

export function groupOf(request: Request, name: string): Group {
  const found = request.in(groups).get(name);
  if (!found) throw noGroup(name);
  return found;
}

export const membersOf = (request: Request, name: string): Member[] =>
  request
    .in(members)
    .all()
    .filter(({ group }) => group === name);

/** Those that count: everything but what is on its way out. */
export const activeMembers = (request: Request, name: string): Member[] =>
  membersOf(request, name).filter(({ lifecycle }) => lifecycle !== 'Terminating');

export interface Paged {
  readonly NextToken?: string;
  readonly MaxRecords?: number;
}

export const paged = <T>(request: Request, all: readonly T[], { NextToken, MaxRecords }: Paged, usual = 50) =>
  pageOf(request.world, all, {
    token: NextToken,
    size: MaxRecords ?? usual,
    most: 100,
    badToken: () => new AwsError('InvalidNextToken', 'The NextToken value is not valid.'),
  });
