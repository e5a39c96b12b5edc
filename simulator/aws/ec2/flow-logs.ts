import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { once } from '../core/tokens.ts';
import { assumable } from '../iam/assumable.ts';
import { filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';
import { vpcs } from './vpc.ts';

interface FlowLog extends Tagged {
  readonly resourceId: string;
  readonly trafficType: string;
  readonly logGroupName: string | undefined;
  readonly destination: string | undefined;
  readonly destinationType: string;
  readonly roleArn: string | undefined;
  readonly aggregationSeconds: number;
  readonly createdAt: number;
}

export const flowLogs = kind<FlowLog>('flow-log');

interface CreateFlowLogs {
  readonly ResourceIds: string[];
  readonly ResourceType: string;
  readonly TrafficType?: string;
  readonly LogGroupName?: string;
  readonly LogDestination?: string;
  readonly LogDestinationType?: string;
  readonly DeliverLogsPermissionArn?: string;
  readonly MaxAggregationInterval?: number;
  readonly ClientToken?: string;
  readonly TagSpecifications?: TagSpecification[];
}

const defaultFormat =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}';

function create(input: CreateFlowLogs, request: Request) {
  const { ClientToken, ...parameters } = input;
  const type = input.LogDestinationType ?? 'cloud-watch-logs';
  if (type === 'cloud-watch-logs' && input.DeliverLogsPermissionArn === undefined)
    throw new AwsError('MissingParameter', 'DeliverLogsPermissionArn is required for delivery to CloudWatch Logs');
  // https://github.com/hashicorp/terraform-provider-aws/issues/29323
  const roleArn = input.DeliverLogsPermissionArn;
  if (roleArn !== undefined && !assumable(request, roleArn, 'vpc-flow-logs.amazonaws.com'))
    throw new AwsError('InvalidParameter', 'Unable to assume given IAM role');
  const FlowLogIds = once(request, ClientToken, parameters, () =>
    input.ResourceIds.map((id) => createOne(input, id, type, request)),
  );
  return { FlowLogIds, ClientToken, Unsuccessful: [] };
}

function createOne(input: CreateFlowLogs, resourceId: string, destinationType: string, request: Request): string {
  if (input.ResourceType === 'VPC' && !request.in(vpcs).get(resourceId))
    throw new AwsError('InvalidVpcId.NotFound', `The vpc ID '${resourceId}' does not exist`);
  const all = request.in(flowLogs);
  const { LogGroupName, LogDestination, TrafficType = 'ALL' } = input;
  const double = all
    .all()
    .some(
      (log) =>
        log.resourceId === resourceId &&
        log.trafficType === TrafficType &&
        log.logGroupName === LogGroupName &&
        log.destination === LogDestination,
    );
  if (double)
    throw new AwsError(
      'FlowLogAlreadyExists',
      'There is an existing Flow Log with the same configuration and log destination.',
    );
  const id = request.id('fl');
  all.put(id, {
    id,
    tags: tagsAtBirth(input.TagSpecifications, 'vpc-flow-log'),
    resourceId,
    trafficType: TrafficType,
    logGroupName: LogGroupName,
    destination: LogDestination,
    destinationType,
    roleArn: input.DeliverLogsPermissionArn,
    aggregationSeconds: input.MaxAggregationInterval ?? 600,
    createdAt: request.now,
  });
  return id;
}

const filters: FilterTable<FlowLog> = {
  'flow-log-id': ({ id }) => [id],
  'resource-id': ({ resourceId }) => [resourceId],
  'log-group-name': ({ logGroupName }) => [logGroupName],
  'traffic-type': ({ trafficType }) => [trafficType],
  'log-destination-type': ({ destinationType }) => [destinationType],
  'deliver-log-status': () => ['SUCCESS'],
};

const told = (log: FlowLog) => ({
  FlowLogId: log.id,
  FlowLogStatus: 'ACTIVE',
  DeliverLogsStatus: 'SUCCESS',
  ResourceId: log.resourceId,
  TrafficType: log.trafficType,
  LogGroupName: log.logGroupName,
  LogDestinationType: log.destinationType,
  LogDestination: log.destination,
  DeliverLogsPermissionArn: log.roleArn,
  MaxAggregationInterval: log.aggregationSeconds,
  LogFormat: defaultFormat,
  CreationTime: new Date(log.createdAt),
  Tags: toTagPairs(log.tags),
});

export const flowLogOperations: Operations = {
  CreateFlowLogs: create,
  DescribeFlowLogs: (
    input: { FlowLogIds?: string[]; Filter?: Filter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    // An unknown id gives an empty list here, not an error.
    const listed = request.listed(flowLogs).filter(({ id }) => input.FlowLogIds?.includes(id) ?? true);
    const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
    const { items, next } = pageOf(request.world, filtered(listed, input.Filter, filters), page);
    return { FlowLogs: items.map(told), NextToken: next };
  },
  DeleteFlowLogs: ({ FlowLogIds }: { FlowLogIds: string[] }, request) => {
    const all = request.in(flowLogs);
    const lost = FlowLogIds.filter((id) => !all.get(id));
    for (const id of FlowLogIds) all.remove(id);
    return {
      Unsuccessful: lost.map((id) => ({
        ResourceId: id,
        Error: { Code: 'InvalidFlowLogId.NotFound', Message: `The flow log ID '${id}' does not exist` },
      })),
    };
  },
};
