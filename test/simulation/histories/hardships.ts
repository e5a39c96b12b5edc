import { operations, type Service } from '../../../operator/model/operations.ts';
import type { FaultRule } from '../../../simulator/aws/core/faults.ts';
import type { VirtualProcess } from '../../support/virtual-operator.ts';
import type { History } from './history.ts';

const minute = 60_000;

/** For a while of a history: what is begun ends by itself, or with all other faults. */
const forAWhile = ({ world, random }: History, mostMinutes: number, end: () => void): void =>
  void world.timers.after((1 + random.below(mostMinutes)) * minute, end);

function strike(history: History, rules: readonly FaultRule[], what: string): void {
  const { faults } = history.world.aws.world;
  const rule = rules[history.random.below(rules.length)] as FaultRule;
  history.tell(`${rule.service}:${rule.operation} ${what}`);
  faults.add(rule);
  forAWhile(history, 20, () => faults.remove(rule));
}

const actions = (Object.keys(operations) as Service[]).flatMap((service) =>
  Object.keys(operations[service]).map((operation): FaultRule => ({ service, operation, error: 'deny' })),
);

/** Somebody takes one action out of the operator's policy, and gives it back. */
export const deny = (history: History): void => strike(history, actions, 'is denied');

const full = (service: Service, operation: string, code: string): FaultRule => ({
  service,
  operation,
  error: { code },
});

/** What AWS answers when one more is too many: the Common Errors and Errors of each call in its API reference. */
const quotas: readonly FaultRule[] = [
  full('ec2', 'CreateVpc', 'VpcLimitExceeded'),
  full('ec2', 'AllocateAddress', 'AddressLimitExceeded'),
  full('ec2', 'CreateInternetGateway', 'InternetGatewayLimitExceeded'),
  full('ec2', 'CreateNatGateway', 'NatGatewayLimitExceeded'),
  full('ec2', 'CreateSecurityGroup', 'SecurityGroupLimitExceeded'),
  full('elbv2', 'CreateLoadBalancer', 'TooManyLoadBalancers'),
  full('elbv2', 'CreateTargetGroup', 'TooManyTargetGroups'),
  full('autoscaling', 'CreateAutoScalingGroup', 'LimitExceeded'),
  full('iam', 'CreateRole', 'LimitExceeded'),
  full('rds', 'CreateDBInstance', 'InstanceQuotaExceeded'),
  full('rds', 'CreateDBInstanceReadReplica', 'InstanceQuotaExceeded'),
  full('cognito-idp', 'CreateUserPool', 'LimitExceededException'),
];

/** Others in the account have used up a quota; after a while there is room again. */
export const exhaust = (history: History): void => strike(history, quotas, 'finds its quota used up');

/** Two operators work on the same stores, each taking itself for the leader. */
export function secondLeader(history: History): void {
  const { world } = history;
  const second = world.start();
  history.seconds.add(second);
  forAWhile(history, 10, () => retire(history, second));
}

function retire(history: History, second: VirtualProcess): void {
  if (!history.seconds.delete(second)) return;
  history.world.retire(second);
  history.rivalledUntil = history.now;
}

/** The clock of the machine that the operator runs on is set; AWS's and the API server's are not. */
export function jump(history: History): void {
  const { world, random } = history;
  const millis = (random.below(2) ? 1 : -1) * (1 + random.below(20 * minute));
  history.tell(`the clock is set by ${millis / 1_000} s`);
  world.exchange.skewMillis += millis;
}

/** All of it ends. */
export function endHardships(history: History): void {
  for (const second of history.seconds) retire(history, second);
  history.world.exchange.skewMillis = 0;
}
