import type { Ref } from '../../model/ref.ts';
import { flowLog } from '../../resources/ec2/flow-log.ts';
import { role } from '../../resources/iam/role.ts';
import { logGroup } from '../../resources/logs/group.ts';
import { retentionDays, storePath, type Site } from '../site.ts';
import { boundaryOf, trust } from './iam.ts';

/** Who talked to whom, kept for the days that the user says (EC2.6). */
export function composeFlowLog(site: Site, vpcId: Ref<string>): void {
  const { graph, spec, owner, account } = site;
  const { enabled, retentionDays: own } = spec.network.flowLogs;
  if (!enabled) return;
  const name = `${storePath(owner)}/flow`;
  const group = graph.add(logGroup, 'network/flow-log-group', { name, retentionDays: retentionDays(spec, own) });
  const arn = `arn:aws:logs:${spec.region}:${account}:log-group:${name}`;
  const writer = graph.add(
    role,
    'network/flow-log-role',
    {
      description: `Writes the flow log of store ${owner.namespace}/${owner.name}`,
      trustPolicy: trust('vpc-flow-logs.amazonaws.com'),
      // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
      inlinePolicies: {
        'write-flow-log': {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
              Resource: [arn, `${arn}:*`],
            },
            { Effect: 'Allow', Action: ['logs:DescribeLogGroups'], Resource: '*' },
          ],
        },
      },
      managedPolicyArns: [],
      permissionsBoundaryArn: boundaryOf(site),
    },
    { specFields: { permissionsBoundaryArn: 'spec.policy.permissionsBoundaryArn' } },
  );
  graph.add(
    flowLog,
    'network/flow-log',
    { vpcId, logGroupName: group.out('name'), roleArn: writer.out('roleArn'), trafficType: 'ALL' },
    { after: [writer] },
  );
}
