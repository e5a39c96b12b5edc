import { expect, test } from 'vitest';
import { listener } from '../../../operator/resources/elbv2/listener.ts';
import { listenerRule, type ListenerRuleProps } from '../../../operator/resources/elbv2/listener-rule.ts';
import { makeSignIn } from '../../support/sign-in.ts';
import { Court, laws } from '../laws.ts';
import { groundOfListener } from './ground.ts';

const ground = async (court: Court): Promise<ListenerRuleProps> => {
  const { action, ...rest } = await groundOfListener(court);
  const { id } = await listener.create(court.aws, { ...rest, action }, court.birth('listener'));
  const { UserPoolArn, UserPoolClientId, UserPoolDomain } = await makeSignIn(court.simulated);
  return {
    listenerArn: id,
    priority: 7,
    paths: ['/account', '/account/*'],
    signIn: {
      userPoolArn: UserPoolArn,
      clientId: UserPoolClientId,
      domain: UserPoolDomain,
      scope: 'openid email',
      sessionSeconds: 3600,
    },
    targetGroupArn: 'forward' in action ? action.forward : '',
  };
};

const anotherTarget = async (court: Court): Promise<string> => {
  const { Vpcs } = await court.other<{ Vpcs: { VpcId: string }[] }>('ec2', 'DescribeVpcs', {});
  const { TargetGroups } = await court.other<{ TargetGroups: { TargetGroupArn: string }[] }>(
    'elbv2',
    'CreateTargetGroup',
    { Name: 'another', Port: 8080, Protocol: 'HTTP', VpcId: Vpcs[0]?.VpcId },
  );
  return TargetGroups[0]?.TargetGroupArn ?? '';
};

laws(listenerRule, {
  ground,
  live: {
    priority: () => 9,
    paths: () => ['/admin/*'],
    signIn: ({ signIn }) => ({ ...signIn, sessionSeconds: 60 }),
    targetGroupArn: (_props, court) => anotherTarget(court),
  },
  fixed: { listenerArn: 'arn:other' },
  foreign: async (court, { listenerArn, targetGroupArn }) =>
    void (await court.other('elbv2', 'CreateRule', {
      ...{ ListenerArn: listenerArn, Priority: 7 },
      Conditions: [{ Field: 'path-pattern', Values: ['/'] }],
      Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    })),
});

test('who lets people in without a session differs, and it heals', async () => {
  const court = new Court(listenerRule);
  const props = await ground(court);
  const { id: RuleArn } = await court.settle(props);
  const { Rules } = await court.other<{ Rules: { Actions: { AuthenticateCognitoConfig?: object }[] }[] }>(
    ...(['elbv2', 'DescribeRules', { RuleArns: [RuleArn] }] as const),
  );
  const Actions = (Rules[0]?.Actions ?? []).map((action) => ({
    ...action,
    ...(action.AuthenticateCognitoConfig
      ? { AuthenticateCognitoConfig: { ...action.AuthenticateCognitoConfig, OnUnauthenticatedRequest: 'allow' } }
      : {}),
  }));
  await court.other('elbv2', 'ModifyRule', { RuleArn, Actions });
  const [found] = await court.own(props);
  expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['signIn'] });
  await court.settle(props);
});

test('a condition beside the paths differs, and it heals', async () => {
  const court = new Court(listenerRule);
  const props = await ground(court);
  const { id: RuleArn } = await court.settle(props);
  const Conditions = [
    { Field: 'path-pattern', Values: [...props.paths] },
    { Field: 'host-header', Values: ['elsewhere.test'] },
  ];
  await court.other('elbv2', 'ModifyRule', { RuleArn, Conditions });
  const [found] = await court.own(props);
  expect(court.decide(props, found)).toEqual({ do: 'update', fields: ['paths'] });
  await court.settle(props);
});

test('there are no rules below a listener that is gone', async () => {
  const court = new Court(listenerRule);
  const props = await ground(court);
  await court.settle(props);
  await listener.delete(court.aws, { id: props.listenerArn } as never);
  expect(await court.list(props)).toEqual([]);
});
