import type { Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import type { Instance } from './instances.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { securityGroups } from './security-groups.ts';
import { volumes } from './volumes.ts';

const codes = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 } as const;

export const stateTold = ({ state }: Instance) => ({ Code: codes[state], Name: state });

const groupsTold = (request: Request, ids: readonly string[]) =>
  ids.map((GroupId) => ({ GroupId, GroupName: request.in(securityGroups).get(GroupId)?.name ?? GroupId }));

function interfacesTold(request: Request, instance: Instance) {
  const found = request.in(networkInterfaces).get(instance.interfaceId);
  if (!found) return [];
  return [
    {
      NetworkInterfaceId: found.id,
      SubnetId: found.subnetId,
      VpcId: found.vpcId,
      Description: found.description,
      OwnerId: request.account,
      Status: 'in-use',
      InterfaceType: 'interface',
      PrivateIpAddress: found.privateIp,
      SourceDestCheck: true,
      Groups: groupsTold(request, found.groupIds),
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: found.privateIp }],
      Attachment: {
        AttachmentId: `eni-attach-${found.id.slice(4)}`,
        DeviceIndex: 0,
        NetworkCardIndex: 0,
        DeleteOnTermination: true,
        Status: 'attached',
        AttachTime: new Date(instance.launchedAt),
      },
      ...(found.publicIp === undefined ? {} : { Association: { PublicIp: found.publicIp, IpOwnerId: 'amazon' } }),
    },
  ];
}

const disksTold = (request: Request, { id }: Instance) =>
  request
    .in(volumes)
    .all()
    .filter(({ instanceId }) => instanceId === id)
    .map((volume) => ({
      DeviceName: volume.device,
      Ebs: {
        VolumeId: volume.id,
        Status: 'attached',
        AttachTime: new Date(volume.createdAt),
        DeleteOnTermination: volume.deleteOnTermination,
      },
    }));

/** What EC2 answers when nothing is said: IMDSv1 is on. */
export const metadataTold = ({ metadata, state }: Instance) => ({
  State: state === 'pending' ? 'pending' : 'applied',
  HttpTokens: metadata.HttpTokens ?? 'optional',
  HttpPutResponseHopLimit: metadata.HttpPutResponseHopLimit ?? 1,
  HttpEndpoint: metadata.HttpEndpoint ?? 'enabled',
  HttpProtocolIpv6: metadata.HttpProtocolIpv6 ?? 'disabled',
  InstanceMetadataTags: metadata.InstanceMetadataTags ?? 'disabled',
});

const privateName = ({ region }: Request, ip: string): string =>
  `ip-${ip.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`;

/** An instance as DescribeInstances tells it; a terminated one has lost its place in the network. */
export function instanceTold(request: Request, instance: Instance) {
  const gone = instance.state === 'terminated';
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.type,
    State: stateTold(instance),
    StateReason: instance.stateReason,
    StateTransitionReason: instance.transition,
    LaunchTime: new Date(instance.launchedAt),
    AmiLaunchIndex: instance.index,
    Architecture: instance.architecture,
    Placement: { AvailabilityZone: instance.zone, GroupName: '', Tenancy: 'default' },
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    MetadataOptions: metadataTold(instance),
    ClientToken: instance.clientToken ?? '',
    EbsOptimized: instance.ebsOptimized,
    EnaSupport: true,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    RootDeviceName: instance.rootDevice,
    RootDeviceType: 'ebs',
    KeyName: instance.keyName,
    ProductCodes: [],
    PublicDnsName: '',
    PrivateDnsName: gone ? '' : privateName(request, instance.privateIp),
    BlockDeviceMappings: disksTold(request, instance),
    NetworkInterfaces: interfacesTold(request, instance),
    SecurityGroups: gone ? [] : groupsTold(request, instance.groupIds),
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    HibernationOptions: { Configured: false },
    EnclaveOptions: { Enabled: false },
    MaintenanceOptions: { AutoRecovery: 'default' },
    PrivateDnsNameOptions: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 },
    ...(instance.profile ? { IamInstanceProfile: instance.profile } : {}),
    ...(gone
      ? {}
      : {
          SubnetId: instance.subnetId,
          VpcId: instance.vpcId,
          PrivateIpAddress: instance.privateIp,
          SourceDestCheck: true,
        }),
    ...(instance.publicIp === undefined ? {} : { PublicIpAddress: instance.publicIp }),
    Tags: toTagPairs(instance.tags),
  };
}
