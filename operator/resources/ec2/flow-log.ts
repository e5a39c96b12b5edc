import type { FlowLog } from '@aws-sdk/client-ec2';
import { Fault, orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { ownedBy, ownerOf, tagSpecification } from './tags.ts';

/** Writes down who talked to whom in the network (EC2.6). AWS cannot change one: another setting is another flow log. */
export interface FlowLogProps {
  readonly vpcId: string;
  readonly logGroupName: string;
  /** The role that may write to the log group. */
  readonly roleArn: string;
  readonly trafficType: 'ALL' | 'ACCEPT' | 'REJECT';
}

export interface FlowLogOutputs {
  readonly flowLogId: string;
}

export const flowLog: ResourceType<FlowLogProps, FlowLogOutputs> = {
  name: 'ec2/flow-log',
  fields: { vpcId: 'fixed', logGroupName: 'fixed', roleArn: 'fixed', trafficType: 'fixed' },
  needs: ['ec2/vpc', 'logs/group', 'iam/role'],
  replace: 'delete-first', // A second one like it would be refused (FlowLogAlreadyExists).
  once: 'token',
  endedBy: 'DeleteFlowLogs',
  beat: 'existence',
  scope: 'regional',

  async *list(aws, { installation }) {
    const read = (NextToken?: string) => aws.ec2('DescribeFlowLogs', { Filter: ownedBy(installation), NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken)) yield (page.FlowLogs ?? []).map(told);
  },

  async stands(aws, id) {
    const answer = await orAbsent(aws.ec2('DescribeFlowLogs', { FlowLogIds: [id] }));
    return (answer?.FlowLogs ?? []).length > 0;
  },

  async create(aws, props, birth) {
    const answer = await aws.ec2('CreateFlowLogs', {
      ResourceIds: [props.vpcId],
      ResourceType: 'VPC',
      TrafficType: props.trafficType,
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: props.logGroupName,
      DeliverLogsPermissionArn: props.roleArn,
      ClientToken: birth.token,
      TagSpecifications: tagSpecification('vpc-flow-log', birth.tags),
    });
    const id = answer.FlowLogIds?.[0];
    // Refusals of single resources come inside a successful answer.
    const refusal = answer.Unsuccessful?.[0]?.Error;
    if (id === undefined)
      throw new Fault('rejected', `ec2:CreateFlowLogs refused: ${refusal?.Code}: ${refusal?.Message}`, {
        code: refusal?.Code,
      });
    return { id, owner: birth.owner, state: { is: 'ready' }, props: { ...props }, outputs: { flowLogId: id } };
  },

  async update() {
    // Every prop is fixed: decide never asks for this.
  },

  async delete(aws, found) {
    await orAbsent(aws.ec2('DeleteFlowLogs', { FlowLogIds: [found.id] }));
  },
};

function told(found: FlowLog): Found<FlowLogProps, FlowLogOutputs> {
  const id = found.FlowLogId ?? '';
  return {
    id,
    owner: ownerOf(found.Tags),
    state: { is: 'ready' },
    props: {
      vpcId: found.ResourceId,
      logGroupName: found.LogGroupName,
      roleArn: found.DeliverLogsPermissionArn,
      trafficType: found.TrafficType,
    },
    outputs: { flowLogId: id },
    bornAt: found.CreationTime?.getTime(),
  };
}
