import { RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  AssociateRouteTableCommand,
  ModifyVpcAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Clients } from './clients.ts';

/** Makes the zone of the stores' names. Answers its id. */
export async function makeZone({ route53 }: Clients): Promise<string> {
  const asked = new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'the user' });
  return (await route53.send(asked)).HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
}

/** The ids of what the stores of `examples/` refer to in one region, as moto gave them. */
export interface Furnished {
  readonly imageId: string;
  readonly certificateArn: string;
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly appSubnetIds: readonly string[];
  readonly dataSubnetIds: readonly string[];
}

/** Fills a region of an empty account with the user's own things, as `simulator/account.ts` does for the simulated AWS. */
export async function furnish(aws: Clients): Promise<Furnished> {
  const image = await aws.ec2.send(
    new RegisterImageCommand({
      Name: 'storefront-1',
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-0a1b2c3d4e5f60718', VolumeSize: 8 } }],
    }),
  );
  const imageId = image.ImageId ?? '';
  await aws.ssm.send(new PutParameterCommand({ Name: '/ecom/images/storefront', Value: imageId, Type: 'String' }));
  const certificate = await aws.acm.send(new RequestCertificateCommand({ DomainName: 'outlet.example.com' }));
  return {
    imageId,
    certificateArn: certificate.CertificateArn ?? '',
    ...(await network(aws, await aws.ec2.config.region())),
  };
}

async function network({ ec2 }: Clients, region: string) {
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.200.0.0/16' }));
  const VpcId = vpc?.VpcId ?? '';
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
  const { InternetGateway: gateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = gateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  const { RouteTable: table } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const route = { RouteTableId: table?.RouteTableId, GatewayId: InternetGatewayId, DestinationCidrBlock: '0.0.0.0/0' };
  await ec2.send(new CreateRouteCommand(route));
  const subnet = async (index: number): Promise<string> => {
    const CidrBlock = `10.200.${index * 16}.0/20`;
    const AvailabilityZone = `${region}${index % 2 === 0 ? 'a' : 'b'}`;
    const { Subnet: made } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }));
    return made?.SubnetId ?? '';
  };
  const publicSubnetIds = [await subnet(0), await subnet(1)];
  for (const SubnetId of publicSubnetIds)
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId: table?.RouteTableId, SubnetId }));
  const appSubnetIds = [await subnet(2), await subnet(3)];
  const dataSubnetIds = [await subnet(4), await subnet(5)];
  return { vpcId: VpcId, publicSubnetIds, appSubnetIds, dataSubnetIds };
}
