import { AwsError } from '../core/aws-error.ts';
import type { TagSpecification } from './tagging.ts';

/** The part of a launch template's data that the simulator acts on; everything else is kept as it was given. */
export interface TemplateData {
  readonly ImageId?: string;
  readonly InstanceType?: string;
  readonly KeyName?: string;
  readonly UserData?: string;
  readonly SecurityGroupIds?: readonly string[];
  readonly NetworkInterfaces?: readonly InterfaceData[];
  readonly BlockDeviceMappings?: readonly DeviceData[];
  readonly MetadataOptions?: MetadataData;
  readonly IamInstanceProfile?: { readonly Arn?: string; readonly Name?: string };
  readonly TagSpecifications?: readonly TagSpecification[];
  readonly Monitoring?: { readonly Enabled?: boolean };
  readonly EbsOptimized?: boolean;
  readonly DisableApiTermination?: boolean;
  readonly InstanceInitiatedShutdownBehavior?: string;
}

export interface InterfaceData {
  readonly DeviceIndex?: number;
  readonly AssociatePublicIpAddress?: boolean;
  readonly Groups?: readonly string[];
  readonly SubnetId?: string;
  readonly DeleteOnTermination?: boolean;
  readonly Description?: string;
}

export interface DeviceData {
  readonly DeviceName?: string;
  readonly Ebs?: {
    readonly VolumeSize?: number;
    readonly VolumeType?: string;
    readonly Encrypted?: boolean;
    readonly KmsKeyId?: string;
    readonly DeleteOnTermination?: boolean;
    readonly Iops?: number;
    readonly Throughput?: number;
  };
}

export interface MetadataData {
  readonly HttpTokens?: string;
  readonly HttpPutResponseHopLimit?: number;
  readonly HttpEndpoint?: string;
  readonly HttpProtocolIpv6?: string;
  readonly InstanceMetadataTags?: string;
}

const taggable = ['instance', 'volume', 'network-interface', 'spot-instances-request'];

/** EC2 judges little of a template before something is launched from it; what it does judge is judged here. */
export function checkedTemplateData(data: TemplateData): TemplateData {
  checkUserData(data.UserData);
  checkGroups(data);
  const { HttpPutResponseHopLimit: hops = 1 } = data.MetadataOptions ?? {};
  if (hops < 1 || hops > 64)
    throw new AwsError('InvalidParameterValue', `The httpPutResponseHopLimit ${hops} must be between 1 and 64.`);
  const strange = data.TagSpecifications?.find(({ ResourceType = '' }) => !taggable.includes(ResourceType));
  if (strange)
    throw new AwsError(
      'InvalidParameterValue',
      `'${strange.ResourceType}' is not a valid taggable resource type for this operation.`,
    );
  return data;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html: "must be base64-encoded", 16 KB raw. */
export function checkUserData(userData = ''): void {
  if (!/^(?:[A-Za-z0-9+/\s]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*$/.test(userData))
    throw new AwsError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  if (Buffer.from(userData, 'base64').length > 16_384)
    throw new AwsError('InvalidParameterValue', 'User data is limited to 16384 bytes');
}

/** Groups belong either to the instance or to its interfaces. */
export function checkGroups({ SecurityGroupIds = [], NetworkInterfaces = [] }: TemplateData): void {
  if (SecurityGroupIds.length > 0 && NetworkInterfaces.length > 0)
    throw new AwsError(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level security groups may not be specified on the same request',
    );
}
