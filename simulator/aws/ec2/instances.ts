import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { durations } from '../durations.ts';
import { kind, type Tagged } from './kinds.ts';
import type { MetadataData } from './launch-template-data.ts';
import { removeInterface } from './network-interfaces.ts';
import { releaseVolumes } from './volumes.ts';
import { typeFacts } from './zones.ts';

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** A machine. Its address, groups and disks are those of its network interface and volumes. */
export interface Instance extends Tagged {
  readonly reservationId: string;
  readonly imageId: string;
  readonly type: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly groupIds: readonly string[];
  readonly interfaceId: string;
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  readonly state: InstanceState;
  readonly stateReason: { readonly Code: string; readonly Message: string } | undefined;
  readonly transition: string;
  readonly launchedAt: number;
  /** When it began to run, last. */
  readonly runningSince: number | undefined;
  /** Whether what runs on it answers: a broken image never does. */
  readonly answers: boolean;
  /** The only paths that it answers; any where undefined. */
  readonly answersAt: readonly string[] | undefined;
  /** The one port it answers on; on every port when undefined. */
  readonly listensOn: number | undefined;
  readonly profile: { readonly Arn: string; readonly Id: string } | undefined;
  readonly metadata: MetadataData;
  readonly userData: string | undefined;
  readonly keyName: string | undefined;
  readonly monitoring: boolean;
  readonly ebsOptimized: boolean;
  readonly mayTerminate: boolean;
  readonly shutdownBehavior: string;
  readonly rootDevice: string;
  readonly architecture: string;
  readonly clientToken: string | undefined;
  readonly index: number;
}

export const instances = kind<Instance>('instance', {
  exists: ({ state }) => state !== 'terminated',
  dollarsPerHour: ({ type, state }) => (state === 'running' ? (typeFacts(type)?.vcpus ?? 0) * 0.06 : 0),
});

/** What is no instance id at all is told apart: Terraform's AWS provider 5.100 asks by the id of an image. */
export const noInstance = (id: string): AwsError =>
  /^i-[0-9a-f]{8,17}$/.test(id)
    ? new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`)
    : new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}" (expecting "i-...")`);

export function instanceOf(request: Request, id: string): Instance {
  const found = request.in(instances).get(id);
  if (!found) throw noInstance(id);
  return found;
}

export const isAlive = ({ state }: Instance): boolean => state === 'pending' || state === 'running';

/** Told after every change of an instance's state. */
export type InstanceWatcher = (request: Request, instance: Instance) => void;

const watchers: InstanceWatcher[] = [];

/** Load balancing and Auto Scaling follow what becomes of instances. */
export const watchInstances = (watcher: InstanceWatcher): void => void watchers.push(watcher);

function become(request: Request, id: string, part: Partial<Instance>): void {
  const changed = request.in(instances).change(id, part);
  for (const watcher of watchers) watcher(request, changed);
}

/** From `pending` to `running`, unless it is terminated first. */
export function boot(request: Request, { id }: Instance): void {
  request.world.schedule(durations.instancePending, () => {
    if (request.in(instances).get(id)?.state === 'pending')
      become(request, id, { state: 'running', runningSince: request.now });
  });
}

/** Begins to terminate; its interface and disks go when that is done, and it stays visible for a while after. */
export function terminate(request: Request, { id, state }: Instance, why?: Instance['stateReason']): void {
  if (state === 'shutting-down' || state === 'terminated') return;
  const at = new Date(request.now).toISOString().replace('T', ' ').slice(0, 19);
  become(request, id, {
    state: 'shutting-down',
    stateReason: why ?? {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
    transition: `User initiated (${at} GMT)`,
    runningSince: undefined,
  });
  request.world.schedule(durations.instanceShuttingDown, () => {
    const { interfaceId } = instanceOf(request, id);
    removeInterface(request.world, request.region, interfaceId);
    releaseVolumes(request, id);
    become(request, id, { state: 'terminated', publicIp: undefined });
    request.world.schedule(durations.instanceShown, () => request.in(instances).remove(id));
  });
}

/** Stops a running instance; it keeps its address and disks. */
export function stop(request: Request, { id, state }: Instance): void {
  if (state === 'stopping' || state === 'stopped') return;
  if (state !== 'running')
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${id}' is not in a state from which it can be stopped.`,
    );
  become(request, id, { state: 'stopping', runningSince: undefined });
  request.world.schedule(durations.instanceShuttingDown, () => {
    if (request.in(instances).get(id)?.state === 'stopping')
      become(request, id, { state: 'stopped', publicIp: undefined });
  });
}

export function start(request: Request, instance: Instance): void {
  if (isAlive(instance)) return;
  if (instance.state !== 'stopped')
    throw new AwsError(
      'IncorrectInstanceState',
      `The instance '${instance.id}' is not in a state from which it can be started.`,
    );
  become(request, instance.id, { state: 'pending', stateReason: undefined, transition: '' });
  boot(request, instance);
}
