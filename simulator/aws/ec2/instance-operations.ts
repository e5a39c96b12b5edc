import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { once } from '../core/tokens.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { instanceAttribute } from './instance-attributes.ts';
import { instanceTold, stateTold } from './instance-told.ts';
import { instanceOf, instances, noInstance, start, stop, terminate, type Instance } from './instances.ts';
import type { TemplateData } from './launch-template-data.ts';
import { launchTemplates, templateOf, versionOf, type TemplateNamed } from './launch-templates.ts';
import { launch } from './launching.ts';
import { addTaggable } from './tag-calls.ts';
import type { TagSpecification } from './tagging.ts';
import { volumes } from './volumes.ts';

addTaggable('i', 'instance', instances);
addTaggable('vol', 'volume', volumes);
addTaggable('lt', 'launch-template', launchTemplates);

interface RunInstances extends TemplateData {
  readonly MinCount: number;
  readonly MaxCount: number;
  readonly SubnetId?: string;
  readonly ClientToken?: string;
  readonly LaunchTemplate?: TemplateNamed & { readonly Version?: string };
  readonly TagSpecifications?: readonly TagSpecification[];
}

/** All of MaxCount or, where something is short, at least MinCount; else none. */
function run(input: RunInstances, request: Request) {
  const { ClientToken, ...parameters } = input;
  const ids = once(request, ClientToken, parameters, () => {
    const { MinCount, MaxCount, SubnetId, LaunchTemplate, ...own } = parameters;
    if (MinCount < 1 || MaxCount < MinCount)
      throw new AwsError('InvalidParameterValue', `Value (${MinCount}) for parameter minCount is invalid.`);
    const { data, tags } = fromTemplate(request, LaunchTemplate);
    const reservationId = request.id('r');
    const made: Instance[] = [];
    for (let index = 0; index < MaxCount; index++)
      try {
        const merged = { ...data, ...own };
        const clientToken = ClientToken;
        made.push(launch(request, { data: merged, subnetId: SubnetId, tags, reservationId, clientToken, index }));
      } catch (error) {
        if (made.length >= MinCount) break;
        for (const instance of made) terminate(request, instance);
        throw error;
      }
    return made.map(({ id }) => id);
  });
  return reservation(
    request,
    ids.map((id) => instanceOf(request, id)),
  );
}

/** What a launch template says, and the tags by which EC2 names it on the instance. */
export function fromTemplate(
  request: Request,
  named: (TemplateNamed & { readonly Version?: string }) | undefined,
): { data: TemplateData; tags: Record<string, string>; version: string } {
  if (!named) return { data: {}, tags: {}, version: '' };
  const template = templateOf(request.in(launchTemplates).all(), named);
  const version = versionOf(template, named.Version ?? '$Default');
  return {
    data: version.data,
    tags: {
      'aws:ec2launchtemplate:id': template.id,
      'aws:ec2launchtemplate:version': String(version.number),
    },
    version: String(version.number),
  };
}

const reservation = (request: Request, members: readonly Instance[]) => ({
  ReservationId: members[0]?.reservationId ?? '',
  OwnerId: request.account,
  Groups: [],
  Instances: members.map((instance) => instanceTold(request, instance)),
});

const filters: FilterTable<Instance> = {
  'instance-id': ({ id }) => [id],
  'instance-state-name': ({ state }) => [state],
  'instance-state-code': (instance) => [String(stateTold(instance).Code)],
  'instance-type': ({ type }) => [type],
  'image-id': ({ imageId }) => [imageId],
  'vpc-id': ({ vpcId }) => [vpcId],
  'subnet-id': ({ subnetId }) => [subnetId],
  'availability-zone': ({ zone }) => [zone],
  'private-ip-address': ({ privateIp }) => [privateIp],
  'ip-address': ({ publicIp }) => [publicIp],
  'reservation-id': ({ reservationId }) => [reservationId],
  'client-token': ({ clientToken }) => [clientToken],
  'key-name': ({ keyName }) => [keyName],
  'instance.group-id': ({ groupIds }) => groupIds,
  'iam-instance-profile.arn': ({ profile }) => [profile?.Arn],
  'network-interface.network-interface-id': ({ interfaceId }) => [interfaceId],
  'metadata-options.http-tokens': ({ metadata }) => [metadata.HttpTokens ?? 'optional'],
  'metadata-options.http-endpoint': ({ metadata }) => [metadata.HttpEndpoint ?? 'enabled'],
  'metadata-options.http-put-response-hop-limit': ({ metadata }) => [String(metadata.HttpPutResponseHopLimit ?? 1)],
};

interface Describe {
  readonly InstanceIds?: string[];
  readonly Filters?: Filter[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** Pages are of instances; those of one reservation on one page are told together. */
function describe(input: Describe, request: Request) {
  const listed = byIds(request.listed(instances), input.InstanceIds, ({ id }) => id, noInstance);
  const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
  const { items, next } = pageOf(request.world, filtered(listed, input.Filters, filters), page);
  const ids = [...new Set(items.map(({ reservationId }) => reservationId))];
  const Reservations = ids.map((id) =>
    reservation(
      request,
      items.filter(({ reservationId }) => reservationId === id),
    ),
  );
  return { Reservations, NextToken: next };
}

function describeStatus(input: Describe & { IncludeAllInstances?: boolean }, request: Request) {
  const listed = byIds(request.listed(instances), input.InstanceIds, ({ id }) => id, noInstance);
  const shown = listed.filter(({ state }) => input.IncludeAllInstances || state === 'running');
  const page = { token: input.NextToken, size: input.MaxResults, most: 1000 };
  const { items, next } = pageOf(request.world, filtered(shown, input.Filters, filters), page);
  return {
    InstanceStatuses: items.map((instance) => {
      const Status = instance.state === 'running' ? 'ok' : 'not-applicable';
      return {
        InstanceId: instance.id,
        AvailabilityZone: instance.zone,
        InstanceState: stateTold(instance),
        InstanceStatus: { Status, Details: [] },
        SystemStatus: { Status, Details: [] },
      };
    }),
    NextToken: next,
  };
}

/** For each instance, does something and tells the state before and after. */
const each =
  (action: (request: Request, instance: Instance) => void, member: string) =>
  ({ InstanceIds }: { InstanceIds: string[] }, request: Request) => {
    const before = InstanceIds.map((id) => instanceOf(request, id));
    for (const instance of before) action(request, instance);
    return {
      [member]: before.map((instance) => ({
        InstanceId: instance.id,
        PreviousState: stateTold(instance),
        CurrentState: stateTold(instanceOf(request, instance.id)),
      })),
    };
  };

function terminateUnlessProtected(request: Request, instance: Instance): void {
  if (!instance.mayTerminate)
    throw new AwsError(
      'OperationNotPermitted',
      `The instance '${instance.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
  terminate(request, instance);
}

export const instanceOperations: Operations = {
  RunInstances: run,
  DescribeInstances: describe,
  DescribeInstanceStatus: describeStatus,
  DescribeInstanceAttribute: instanceAttribute,
  /** No image of the simulator boots by UEFI, so no instance has variables. */
  GetInstanceUefiData: ({ InstanceId }: { InstanceId: string }, request) => ({
    InstanceId: instanceOf(request, InstanceId).id,
  }),
  TerminateInstances: each(terminateUnlessProtected, 'TerminatingInstances'),
  StopInstances: each(stop, 'StoppingInstances'),
  StartInstances: each(start, 'StartingInstances'),
  ModifyInstanceMetadataOptions: (input: { InstanceId: string } & Instance['metadata'], request) => {
    const { InstanceId, ...options } = input;
    const { metadata } = instanceOf(request, InstanceId);
    const changed = request.in(instances).change(InstanceId, { metadata: { ...metadata, ...options } });
    return { InstanceId, InstanceMetadataOptions: { ...changed.metadata, State: 'pending' } };
  },
};
