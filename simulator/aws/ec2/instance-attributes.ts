import type { Request } from '../core/request.ts';
import { instanceTold } from './instance-told.ts';
import { instanceOf, type Instance } from './instances.ts';

const flag = (Value: boolean) => ({ Value });

/** By DescribeInstanceAttribute's name, what it tells. */
const attributes: Readonly<Record<string, (instance: Instance, request: Request) => object>> = {
  instanceType: ({ type }) => ({ InstanceType: { Value: type } }),
  userData: ({ userData }) => ({ UserData: userData === undefined ? {} : { Value: userData } }),
  disableApiTermination: ({ mayTerminate }) => ({ DisableApiTermination: flag(!mayTerminate) }),
  disableApiStop: () => ({ DisableApiStop: flag(false) }),
  ebsOptimized: ({ ebsOptimized }) => ({ EbsOptimized: flag(ebsOptimized) }),
  sourceDestCheck: () => ({ SourceDestCheck: flag(true) }),
  enaSupport: () => ({ EnaSupport: flag(true) }),
  rootDeviceName: ({ rootDevice }) => ({ RootDeviceName: { Value: rootDevice } }),
  instanceInitiatedShutdownBehavior: ({ shutdownBehavior }) => ({
    InstanceInitiatedShutdownBehavior: { Value: shutdownBehavior },
  }),
  groupSet: ({ groupIds }) => ({ Groups: groupIds.map((GroupId) => ({ GroupId })) }),
  blockDeviceMapping: (instance, request) => ({
    BlockDeviceMappings: instanceTold(request, instance).BlockDeviceMappings,
  }),
  productCodes: () => ({ ProductCodes: [] }),
};

/** One attribute a call. What the simulator does not keep of an instance is told as not set. */
export function instanceAttribute(
  { InstanceId, Attribute }: { InstanceId: string; Attribute: string },
  request: Request,
): object {
  const instance = instanceOf(request, InstanceId);
  return { InstanceId, ...attributes[Attribute]?.(instance, request) };
}
