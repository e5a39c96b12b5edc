import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../operator/model/faults.ts';
import { elasticIp } from '../../../operator/resources/ec2/elastic-ip.ts';
import { flowLog } from '../../../operator/resources/ec2/flow-log.ts';
import { internetGateway } from '../../../operator/resources/ec2/internet-gateway.ts';
import { natGateway } from '../../../operator/resources/ec2/nat-gateway.ts';
import { routeTable } from '../../../operator/resources/ec2/route-table.ts';
import type { Rule } from '../../../operator/resources/ec2/security-group-rules.ts';
import { securityGroup } from '../../../operator/resources/ec2/security-group.ts';
import { subnet } from '../../../operator/resources/ec2/subnet.ts';
import { vpc } from '../../../operator/resources/ec2/vpc.ts';
import { vpcEndpoint } from '../../../operator/resources/ec2/vpc-endpoint.ts';
import { Court, laws } from '../laws.ts';
import { makeAddress, makeGateway, makeGroup, makeRouteTable, makeSubnet, makeVpc } from './ground.ts';

laws(vpc, {
  ground: async () => ({ cidr: '10.0.0.0/16', dnsSupport: true, dnsHostnames: true, defaultGroupRules: 0 }),
  live: { dnsHostnames: () => false },
  // DNS support cannot be off while host names are on, and rules of the default group are only ever removed.
  notDrifted: ['dnsSupport', 'defaultGroupRules'],
  fixed: { cidr: '10.1.0.0/16' },
});

laws(subnet, {
  ground: async (court) => ({
    vpcId: await makeVpc(court),
    cidr: '10.0.0.0/20',
    availabilityZone: 'eu-central-1a',
    mapPublicIp: false,
  }),
  live: { mapPublicIp: () => true },
  fixed: { vpcId: 'vpc-other', cidr: '10.0.16.0/20' },
  foreign: async (court, { vpcId, cidr }) => void (await makeSubnet(court, vpcId, cidr)),
});

laws(internetGateway, {
  ground: async (court) => ({ vpcId: await makeVpc(court) }),
  live: { vpcId: (_, court) => makeVpc(court, '10.9.0.0/16') },
  writes: { vpcId: 2 },
  fixed: {},
});

laws(elasticIp, { ground: async () => ({}), live: {}, fixed: {} });

test.each([
  ['AuthFailure', 'You do not have permission to access the specified resource.', 'busy', true],
  ['UnauthorizedOperation', 'You are not authorized to perform this operation.', 'denied', undefined],
])('an address that cannot be released for %s', async (code, message, kind, passing) => {
  const court = new Court(elasticIp);
  const found = await court.settle({});
  const error = { code, message, status: 403 };
  court.simulated.world.faults.add({ service: 'ec2', operation: 'ReleaseAddress', error });
  const fault: unknown = await elasticIp.delete(court.aws, found as never, 'keep').catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({ kind, facts: { code } });
  expect((fault as Fault).facts.passing).toBe(passing);
});

laws(natGateway, {
  ground: async (court) => {
    const vpcId = await makeVpc(court);
    await makeGateway(court, vpcId);
    return { subnetId: await makeSubnet(court, vpcId, '10.0.0.0/24'), allocationId: await makeAddress(court) };
  },
  live: {},
  fixed: { subnetId: 'subnet-other', allocationId: 'eipalloc-other' },
});

laws(routeTable, {
  ground: async (court) => {
    const vpcId = await makeVpc(court);
    const internetGatewayId = await makeGateway(court, vpcId);
    return {
      vpcId,
      routes: [{ destination: '0.0.0.0/0', internetGatewayId }],
      subnetIds: [await makeSubnet(court, vpcId, '10.0.0.0/24'), await makeSubnet(court, vpcId, '10.0.1.0/24')],
    };
  },
  live: {
    routes: ({ routes }) => [{ ...routes[0], destination: '172.16.0.0/12' }],
    subnetIds: ({ subnetIds }) => subnetIds.slice(1),
  },
  writes: { routes: 2 },
  fixed: { vpcId: 'vpc-other' },
});

const https: Rule = { protocol: 'tcp', fromPort: 443, toPort: 443, cidr: '0.0.0.0/0', description: 'HTTPS' };

laws(securityGroup, {
  ground: async (court) => {
    const vpcId = await makeVpc(court);
    const groupId = await makeGroup(court, vpcId, 'neighbour');
    return {
      vpcId,
      description: 'Load balancer',
      ingress: [https, { ...https, cidr: undefined, cidr6: '::/0' }],
      egress: [{ protocol: 'tcp', fromPort: 8080, toPort: 8080, groupId, description: 'to the application' }],
    };
  },
  live: { ingress: () => [https], egress: () => [] },
  fixed: { vpcId: 'vpc-other' },
});

/** A role that flow logs know of by now. */
async function makeWriter(court: Court): Promise<string> {
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const asked = { RoleName: 'flow', Path: '/ecom/default/', AssumeRolePolicyDocument };
  const { Role } = await court.other<{ Role: { Arn: string } }>('iam', 'CreateRole', asked);
  court.clock.advance(60_000);
  return Role.Arn;
}

laws(vpcEndpoint, {
  ground: async (court) => {
    const vpcId = await makeVpc(court);
    return { vpcId, serviceName: 'com.amazonaws.eu-central-1.s3', routeTableIds: [await makeRouteTable(court, vpcId)] };
  },
  live: { routeTableIds: async ({ vpcId }, court) => [await makeRouteTable(court, vpcId)] },
  fixed: { vpcId: 'vpc-other', serviceName: 'com.amazonaws.eu-central-1.dynamodb' },
});

laws(flowLog, {
  ground: async (court) => ({
    vpcId: await makeVpc(court),
    logGroupName: '/ecom/shops/acme/flow',
    roleArn: await makeWriter(court),
    trafficType: 'ALL' as const,
  }),
  live: {},
  fixed: {
    vpcId: 'vpc-other',
    logGroupName: '/other',
    roleArn: 'arn:aws:iam::111122223333:role/o',
    trafficType: 'REJECT',
  },
});

describe('quirks of the network', () => {
  test('a NAT gateway that AWS gave up is told as failed, with its code', async () => {
    const court = new Court(natGateway);
    const vpcId = await makeVpc(court);
    const props = { subnetId: await makeSubnet(court, vpcId, '10.0.0.0/24'), allocationId: await makeAddress(court) };
    await natGateway.create(court.aws, props, court.birth());
    court.clock.advance(600_000);
    const [found] = await court.own(props);
    expect(found?.state).toEqual({ is: 'failed', reason: expect.stringContaining('Gateway.NotAttached') as string });
  });

  test('a rule that a stranger added is revoked, and wanted ones are never missing meanwhile', async () => {
    const court = new Court(securityGroup);
    const vpcId = await makeVpc(court);
    const props = { vpcId, description: 'App', ingress: [https], egress: [] };
    const { id } = await court.settle(props);
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await court.other('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: id, IpPermissions });
    await court.settle(props);
    const groups = court.simulated.world.ledger.exposures().filter(({ until }) => until === undefined);
    expect(groups.map(({ what }) => what)).toEqual([expect.stringContaining('tcp/443')]);
  });

  test('a rule that takes the place of another is there before the other goes', async () => {
    const court = new Court(securityGroup);
    const props = { vpcId: await makeVpc(court), description: 'App', ingress: [https], egress: [] };
    await court.settle(props);
    const before = court.cloud.writes().length;
    await court.settle({ ...props, ingress: [{ ...https, fromPort: 8443, toPort: 8443 }] });
    const writes = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'];
    expect(court.writesSince(before)).toEqual(writes);
  });

  test('a rule says what it is for: the one that every group is born with, and one whose words were changed', async () => {
    const court = new Court(securityGroup);
    const vpcId = await makeVpc(court);
    const out: Rule = { protocol: '-1', fromPort: -1, toPort: -1, cidr: '0.0.0.0/0', description: 'to AWS' };
    const props = { vpcId, description: 'App', ingress: [https], egress: [out] };
    const { id, props: made } = await court.settle(props);
    expect(made).toMatchObject({ egress: [out] });
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await court.other('ec2', 'UpdateSecurityGroupRuleDescriptionsIngress', { GroupId: id, IpPermissions });
    const before = court.cloud.writes().length;
    expect((await court.settle(props)).props).toMatchObject({ ingress: [https] });
    expect(court.writesSince(before)).toEqual(['ec2:UpdateSecurityGroupRuleDescriptionsIngress']);
  });

  test("rules of a VPC's default group are removed", async () => {
    const court = new Court(vpc);
    const props = { cidr: '10.0.0.0/16', dnsSupport: true, dnsHostnames: true, defaultGroupRules: 0 };
    const found = await court.settle(props);
    expect(found.props).toMatchObject({ defaultGroupRules: 0 });
  });

  test('a blackhole route is a difference, and is mended', async () => {
    const court = new Court(routeTable);
    const vpcId = await makeVpc(court);
    const first = await makeGateway(court, vpcId);
    const routes = (internetGatewayId: string) => [{ destination: '0.0.0.0/0', internetGatewayId }];
    await court.settle({ vpcId, routes: routes(first), subnetIds: [] });
    await court.other('ec2', 'DetachInternetGateway', { InternetGatewayId: first, VpcId: vpcId });
    const [found] = await court.own({ vpcId });
    expect(court.decide({ vpcId, routes: routes(first), subnetIds: [] }, found)).toMatchObject({ do: 'update' });
    const second = await makeGateway(court, vpcId);
    await court.settle({ vpcId, routes: routes(second), subnetIds: [] });
  });

  test('the route that an endpoint adds to a table is not ours to judge', async () => {
    const court = new Court(routeTable);
    const vpcId = await makeVpc(court);
    const props = { vpcId, routes: [], subnetIds: [] };
    const { id } = await court.settle(props);
    await court.other('ec2', 'CreateVpcEndpoint', {
      VpcId: vpcId,
      ServiceName: 'com.amazonaws.eu-central-1.s3',
      RouteTableIds: [id],
    });
    const before = court.cloud.writes().length;
    await court.settle(props);
    expect(court.writesSince(before)).toEqual([]);
  });

  describe('a table that goes', () => {
    async function hung() {
      const court = new Court(routeTable);
      const vpcId = await makeVpc(court);
      const subnetId = await makeSubnet(court, vpcId, '10.0.0.0/20');
      const found = await court.settle({ vpcId, routes: [], subnetIds: [subnetId] });
      return { court, subnetId, found: found as Parameters<typeof routeTable.delete>[1] };
    }

    test('lets its subnets go by what its list told of them', async () => {
      const { court, found } = await hung();
      const before = court.simulated.world.ledger.calls().length;
      await routeTable.delete(court.aws, found, 'keep');
      const calls = court.simulated.world.ledger.calls().slice(before);
      expect(calls.map(({ operation }) => operation)).toEqual(['DisassociateRouteTable', 'DeleteRouteTable']);
    });

    test('goes at the next look where a subnet hangs on it anew since', async () => {
      const { court, found, subnetId } = await hung();
      const [AssociationId] = Object.values(found.outputs.associationIds ?? {});
      await court.other('ec2', 'DisassociateRouteTable', { AssociationId });
      await court.other('ec2', 'AssociateRouteTable', { RouteTableId: found.id, SubnetId: subnetId });
      await expect(routeTable.delete(court.aws, found, 'keep')).rejects.toMatchObject({ kind: 'busy' });
      const [again] = await court.own({ vpcId: found.props.vpcId });
      await routeTable.delete(court.aws, again as typeof found, 'keep');
      expect(court.simulated.world.ledger.existing({ type: 'ec2/route-table' }).some(({ id }) => id === found.id)).toBe(
        false,
      );
    });
  });

  test('a table leads to S3 by one endpoint at most', async () => {
    const court = new Court(routeTable);
    const vpcId = await makeVpc(court);
    const { id } = await court.settle({ vpcId, routes: [], subnetIds: [] });
    const endpoint = { VpcId: vpcId, ServiceName: 'com.amazonaws.eu-central-1.s3' };
    await court.other('ec2', 'CreateVpcEndpoint', { ...endpoint, RouteTableIds: [id] });
    await expect(court.other('ec2', 'CreateVpcEndpoint', { ...endpoint, RouteTableIds: [id] })).rejects.toThrow(
      /already has a route with destination-prefix-list-id/,
    );
  });
});
