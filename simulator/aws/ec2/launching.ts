import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import { toTagMap } from '../core/tags.ts';
import { images, type Image } from './images.ts';
import { boot, instances, isAlive, type Instance } from './instances.ts';
import { checkGroups, checkUserData, type TemplateData } from './launch-template-data.ts';
import { makeInterface, networkInterfaces } from './network-interfaces.ts';
import { profileFor } from './instance-profile.ts';
import { securityGroups } from './security-groups.ts';
import { subnetOf, type Subnet } from './subnets.ts';
import { makeVolumes } from './volumes.ts';
import { offers, typeFacts, zonesOf, zoneState } from './zones.ts';

/** What an instance is made from: a launch template's data with the request's own values laid over it. */
export interface Launch {
  readonly data: TemplateData;
  readonly subnetId: string | undefined;
  readonly tags: TagMap;
  readonly reservationId: string;
  readonly clientToken?: string;
  readonly index?: number;
}

/** Makes one instance or nothing, with its interface and disks; throws what RunInstances answers. */
export function launch(request: Request, { data, tags, ...launched }: Launch): Instance {
  checkUserData(data.UserData);
  checkGroups(data);
  const nic = data.NetworkInterfaces?.find(({ DeviceIndex = 0 }) => DeviceIndex === 0);
  const image = usableImage(request, data.ImageId);
  const subnet = subnetFor(request, nic?.SubnetId ?? launched.subnetId);
  const type = data.InstanceType ?? 'm1.small';
  checkType(request, type, subnet.zone);
  const groupIds = groupsFor(request, subnet, nic?.Groups ?? data.SecurityGroupIds);
  const profile = data.IamInstanceProfile && profileFor(request, data.IamInstanceProfile);
  const id = request.id('i');
  const specified = (what: string): TagMap =>
    toTagMap(
      (data.TagSpecifications ?? []).filter((one) => one.ResourceType === what).flatMap((one) => one.Tags ?? []),
    );
  const { vpcId, zone } = subnet;
  const made = makeInterface(request.world, {
    region: request.region,
    subnetId: subnet.id,
    groupIds,
    description: nic?.Description ?? '',
    instanceId: id,
    publicIp: (nic?.AssociatePublicIpAddress ?? subnet.mapPublicIp) ? publicAddress(request) : undefined,
    tags: specified('network-interface'),
  });
  try {
    makeVolumes(request, {
      instanceId: id,
      zone,
      devices: data.BlockDeviceMappings ?? [],
      image,
      tags: specified('volume'),
    });
  } catch (error) {
    request.in(networkInterfaces).remove(made.id);
    throw error;
  }
  const instance = request.in(instances).put(id, {
    id,
    tags: { ...specified('instance'), ...tags },
    reservationId: launched.reservationId,
    imageId: image.id,
    type,
    subnetId: subnet.id,
    vpcId,
    zone,
    groupIds,
    interfaceId: made.id,
    privateIp: made.privateIp,
    publicIp: made.publicIp,
    state: 'pending',
    stateReason: undefined,
    transition: '',
    launchedAt: request.now,
    runningSince: undefined,
    answers: !image.broken,
    answersAt: image.answersAt,
    listensOn: portIn(data.UserData),
    profile,
    metadata: data.MetadataOptions ?? {},
    userData: data.UserData,
    keyName: data.KeyName,
    monitoring: data.Monitoring?.Enabled ?? false,
    ebsOptimized: data.EbsOptimized ?? false,
    mayTerminate: data.DisableApiTermination !== true,
    shutdownBehavior: data.InstanceInitiatedShutdownBehavior ?? 'stop',
    rootDevice: image.rootDeviceName,
    architecture: image.architecture,
    clientToken: launched.clientToken,
    index: launched.index ?? 0,
  });
  boot(request, instance);
  return instance;
}

/** Images of stores listen where their user data tells them (docs/application.md); of others nobody knows. */
const portIn = (userData = ''): number | undefined => {
  const [, port] = /^PORT="([0-9]+)"$/m.exec(Buffer.from(userData, 'base64').toString()) ?? [];
  return port === undefined ? undefined : Number(port);
};

const publicAddress = ({ world: { random } }: Request): string =>
  `3.${64 + random.below(64)}.${random.below(256)}.${1 + random.below(254)}`;

function usableImage(request: Request, id: string | undefined): Image {
  if (id === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  if (!/^ami-[0-9a-f]{8,17}$/.test(id))
    throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  const image = request.in(images).get(id);
  if (!image) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  if (image.state !== 'available')
    throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);
  return image;
}

function subnetFor(request: Request, id: string | undefined): Subnet {
  if (id !== undefined) return subnetOf(request, id);
  throw new AwsError(
    'VPCIdNotSpecified',
    'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
  );
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html */
function checkType(request: Request, type: string, zone: string): void {
  const { world, region } = request;
  const facts = typeFacts(type);
  if (!facts) throw new AwsError('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  const elsewhere = zonesOf(region)
    .map(({ name }) => name)
    .filter((name) => offers(region, name, type));
  if (!offers(region, zone, type))
    throw new AwsError(
      'Unsupported',
      `Your requested instance type (${type}) is not supported in your requested Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing ${elsewhere.join(', ')}.`,
    );
  const alive = request.in(instances).all().filter(isAlive);
  const used = alive.reduce((sum, one) => sum + (typeFacts(one.type)?.vcpus ?? 0), 0);
  const limit = world.quotas.get(standardVcpus) ?? 1920;
  if (used + facts.vcpus > limit)
    throw new AwsError(
      'VcpuLimitExceeded',
      `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
    );
  // A zone that is out starts nothing.
  const isOut = zoneState(world, zone) === 'unavailable';
  const capacity = isOut ? 0 : (world.quotas.get(capacityOf(type, zone)) ?? Infinity);
  if (alive.filter((one) => one.type === type && one.zone === zone).length >= capacity)
    throw new AwsError(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity. You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing ${elsewhere.filter((name) => name !== zone).join(', ')}.`,
      500,
    );
}

/** AWS's name of the quota of vCPUs in the families we know. */
export const standardVcpus = 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances';

/** Among the world's quotas: how many machines of a type a zone has; as many as anyone wants when not set. */
export const capacityOf = (type: string, zone: string): string => `capacity of ${type} in ${zone}`;

function groupsFor(request: Request, subnet: Subnet, asked: readonly string[] | undefined): string[] {
  const all = request.in(securityGroups);
  const standard = all.all().find(({ vpcId, name }) => vpcId === subnet.vpcId && name === 'default');
  const ids = asked && asked.length > 0 ? [...asked] : standard ? [standard.id] : [];
  for (const id of ids) {
    const group = all.get(id);
    if (!group) throw new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
    if (group.vpcId !== subnet.vpcId)
      throw new AwsError(
        'InvalidParameter',
        `Security group ${id} and subnet ${subnet.id} belong to different networks.`,
      );
  }
  return ids;
}
