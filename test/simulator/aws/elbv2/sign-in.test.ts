import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from 'vitest';
import { seedCertificate } from '../../../../simulator/aws/acm/certificates.ts';
import { createSimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { makeNetwork } from '../../../support/simulated-network.ts';
import { makeSignIn } from '../../../support/sign-in.ts';

const CertificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/22222222-2222-2222-2222-222222222222';

test('people sign in over HTTPS only, at a pool with a domain and by a client with a secret', async () => {
  const aws = createSimulatedAws({ clock: new VirtualClock() });
  const [elbv2, cognito] = [callsTo(aws, 'elbv2'), callsTo(aws, 'cognito-idp')];
  const network = await makeNetwork(aws);
  seedCertificate(aws.world, 'eu-central-1', { arn: CertificateArn, domain: 'shop.test', names: ['shop.test'] });
  const { TargetGroups } = await elbv2('CreateTargetGroup', {
    ...{ Name: 'app', Port: 8080, Protocol: 'HTTP', VpcId: network.vpcId },
  });
  const forward: Action = { Type: 'forward', Order: 2, TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn };
  const balancer = await elbv2('CreateLoadBalancer', {
    ...{ Name: 'shop', Subnets: [...network.subnetIds], SecurityGroups: [network.albGroupId] },
  });
  const listen = async (Port: number, more: object) => {
    const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn;
    const made = await elbv2('CreateListener', { LoadBalancerArn, Port, DefaultActions: [forward], ...more });
    return made.Listeners?.[0]?.ListenerArn;
  };
  const https = await listen(443, { Protocol: 'HTTPS', Certificates: [{ CertificateArn }] });
  const http = await listen(80, { Protocol: 'HTTP' });
  const signIn = await makeSignIn(aws);
  const Conditions = [{ Field: 'path-pattern', Values: ['/account/*'] }];
  const rule = (ListenerArn: string | undefined, more: object = {}) =>
    elbv2('CreateRule', {
      ...{ ListenerArn, Priority: 1, Conditions },
      Actions: [{ Type: 'authenticate-cognito', Order: 1, AuthenticateCognitoConfig: { ...signIn, ...more } }, forward],
    });
  await expect(rule(http)).rejects.toMatchObject({ code: 'InvalidLoadBalancerAction' });
  await expect(rule(https, { UserPoolDomain: 'elsewhere' })).rejects.toMatchObject({
    code: 'InvalidLoadBalancerAction',
  });
  const UserPoolId = signIn.UserPoolArn.split('/')[1];
  const { UserPoolClient } = await cognito('CreateUserPoolClient', { UserPoolId, ClientName: 'without a secret' });
  await expect(rule(https, { UserPoolClientId: UserPoolClient?.ClientId })).rejects.toMatchObject({
    message: 'The user pool client must have a client secret',
  });
  const { Rules } = await rule(https);
  expect(Rules?.[0]?.Actions?.[0]?.AuthenticateCognitoConfig).toEqual({
    ...signIn,
    SessionCookieName: 'AWSELBAuthSessionCookie',
    Scope: 'openid',
    SessionTimeout: 604_800,
    OnUnauthenticatedRequest: 'authenticate',
  });
});
