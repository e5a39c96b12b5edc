import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { images } from '../ec2/images.ts';
import { profileFor } from '../ec2/instance-profile.ts';
import type { TemplateData } from '../ec2/launch-template-data.ts';
import {
  launchTemplates,
  templateOf,
  versionOf,
  type LaunchTemplate,
  type TemplateVersion,
} from '../ec2/launch-templates.ts';
import { securityGroups } from '../ec2/security-groups.ts';
import { typeFacts } from '../ec2/zones.ts';
import { invalid, type Configuration, type Member, type TemplateSpecification } from './kinds.ts';

const specificationOf = ({ LaunchTemplate, MixedInstancesPolicy }: Configuration): TemplateSpecification | undefined =>
  MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ?? LaunchTemplate;

/** The launch template and version that a configuration means at this moment. */
export function resolved(
  request: Request,
  configuration: Configuration,
): { template: LaunchTemplate; version: TemplateVersion } {
  const named = specificationOf(configuration) ?? {};
  // As it is kept it has both names; then the id counts.
  const { LaunchTemplateId, LaunchTemplateName } = named;
  const by = LaunchTemplateId === undefined ? { LaunchTemplateName } : { LaunchTemplateId };
  const template = templateOf(request.in(launchTemplates).all(), by);
  return { template, version: versionOf(template, named.Version ?? '$Default') };
}

/** The instance types in their order: the overrides, else the template's own. */
export function typesOf(request: Request, configuration: Configuration): string[] {
  const overrides = configuration.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  if (overrides.length > 0) return overrides.map(({ InstanceType = '' }) => InstanceType);
  return [resolved(request, configuration).version.data.InstanceType ?? ''];
}

const badTemplate = (why: string): AwsError => invalid(`You must use a valid fully-formed launch template. ${why}`);

/** A configuration as it is kept: with the template's id and name both. Refuses what could never launch. */
export function checkedConfiguration(request: Request, given: Configuration): Configuration {
  const { LaunchTemplate, MixedInstancesPolicy } = given;
  if ((LaunchTemplate === undefined) === (MixedInstancesPolicy === undefined))
    throw invalid(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    );
  const { template, version } = lookedUp(request, given);
  tryOut(request, version.data);
  const named = {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    Version: specificationOf(given)?.Version ?? '$Default',
  };
  if (!MixedInstancesPolicy) return { LaunchTemplate: named };
  const Overrides = MixedInstancesPolicy.LaunchTemplate?.Overrides ?? [];
  const strange = Overrides.find(({ InstanceType = '' }) => !typeFacts(InstanceType));
  if (strange) throw invalid(`The instance type '${strange.InstanceType}' is not supported.`);
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: { LaunchTemplateSpecification: named, Overrides },
      InstancesDistribution: { ...bornDistribution, ...MixedInstancesPolicy.InstancesDistribution },
    },
  };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html */
const bornDistribution = {
  OnDemandAllocationStrategy: 'prioritized',
  OnDemandBaseCapacity: 0,
  OnDemandPercentageAboveBaseCapacity: 100,
  SpotAllocationStrategy: 'lowest-price',
  SpotInstancePools: 2,
};

function lookedUp(request: Request, given: Configuration) {
  try {
    return resolved(request, given);
  } catch (error) {
    throw error instanceof AwsError ? badTemplate(error.message) : error;
  }
}

/** Auto Scaling tries a launch out before it takes a template. */
function tryOut(request: Request, data: TemplateData): void {
  const { ImageId: image = '' } = data;
  if (image === '') throw badTemplate('An AMI must be specified in the launch template.');
  if (request.in(images).get(image)?.state !== 'available')
    throw badTemplate(`The image id '[${image}]' does not exist`);
  const named = [
    ...(data.SecurityGroupIds ?? []),
    ...(data.NetworkInterfaces ?? []).flatMap(({ Groups = [] }) => Groups),
  ];
  const lost = named.find((id) => !request.in(securityGroups).get(id));
  if (lost !== undefined) throw badTemplate(`The security group '${lost}' does not exist`);
  try {
    if (data.IamInstanceProfile) profileFor(request, data.IamInstanceProfile);
  } catch (error) {
    throw error instanceof AwsError ? badTemplate(error.message) : error;
  }
}

/** Whether an instance is what a configuration would launch; nothing is what a template that is gone would. */
export function matches(request: Request, configuration: Configuration, member: Member): boolean {
  const named = specificationOf(configuration) ?? {};
  const template = request.in(launchTemplates).get(named.LaunchTemplateId ?? '');
  if (!template) return false;
  const version = aliases(template)[named.Version ?? '$Default'] ?? named.Version;
  if (member.template.LaunchTemplateId !== template.id || member.template.Version !== version) return false;
  const overrides = configuration.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  return overrides.length === 0 || overrides.some(({ InstanceType }) => InstanceType === member.type);
}

const aliases = (template: LaunchTemplate): Readonly<Record<string, string>> => ({
  $Latest: String(template.latestVersion),
  $Default: String(template.defaultVersion),
});

export const usesNumber = (configuration: Configuration): boolean =>
  /^\d+$/.test(specificationOf(configuration)?.Version ?? '');
