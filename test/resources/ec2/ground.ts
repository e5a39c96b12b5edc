import type { Court } from '../laws.ts';

/** What EC2 types stand on, made by somebody else. */
export const makeVpc = async (court: Court, cidr = '10.0.0.0/16'): Promise<string> => {
  const { Vpc } = await court.other<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: cidr });
  return Vpc.VpcId;
};

export const makeSubnet = async (court: Court, vpcId: string, cidr: string): Promise<string> => {
  const input = { VpcId: vpcId, CidrBlock: cidr };
  const { Subnet } = await court.other<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', input);
  return Subnet.SubnetId;
};

export const makeGateway = async (court: Court, vpcId?: string): Promise<string> => {
  const { InternetGateway } = await court.other<{ InternetGateway: { InternetGatewayId: string } }>(
    'ec2',
    'CreateInternetGateway',
    {},
  );
  const { InternetGatewayId } = InternetGateway;
  if (vpcId) await court.other('ec2', 'AttachInternetGateway', { InternetGatewayId, VpcId: vpcId });
  return InternetGatewayId;
};

export const makeRouteTable = async (court: Court, vpcId: string): Promise<string> => {
  const { RouteTable } = await court.other<{ RouteTable: { RouteTableId: string } }>('ec2', 'CreateRouteTable', {
    VpcId: vpcId,
  });
  return RouteTable.RouteTableId;
};

export const makeAddress = async (court: Court): Promise<string> =>
  (await court.other<{ AllocationId: string }>('ec2', 'AllocateAddress', {})).AllocationId;

export const makeGroup = async (court: Court, vpcId: string, name: string): Promise<string> => {
  const input = { VpcId: vpcId, GroupName: name, Description: name };
  return (await court.other<{ GroupId: string }>('ec2', 'CreateSecurityGroup', input)).GroupId;
};
