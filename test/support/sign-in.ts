import type { SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { callsTo } from './simulated-calls.ts';

/** A user pool of somebody's with a domain and a client with a secret, as a load balancer is told of it. */
export interface SignIn {
  readonly UserPoolArn: string;
  readonly UserPoolClientId: string;
  readonly UserPoolDomain: string;
}

export async function makeSignIn(aws: SimulatedAws, domain = 'somebodys-shop'): Promise<SignIn> {
  const cognito = callsTo(aws, 'cognito-idp');
  const { UserPool } = (await cognito('CreateUserPool', { PoolName: 'somebody' })) as unknown as {
    UserPool: { Id: string; Arn: string };
  };
  const UserPoolId = UserPool.Id;
  await cognito('CreateUserPoolDomain', { UserPoolId, Domain: domain });
  const { UserPoolClient } = (await cognito('CreateUserPoolClient', {
    ...{ UserPoolId, ClientName: 'somebody', GenerateSecret: true },
  })) as unknown as { UserPoolClient: { ClientId: string } };
  return { UserPoolArn: UserPool.Arn, UserPoolClientId: UserPoolClient.ClientId, UserPoolDomain: domain };
}
