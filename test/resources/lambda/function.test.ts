import { describe, expect, test } from 'vitest';
import { lambdaFunction, type FunctionProps } from '../../../operator/resources/lambda/function.ts';
import { Court, laws, region } from '../laws.ts';

const account = '111122223333';
const Bucket = 'acme-code';
const topic = (name: string) => ({
  service: 'sns.amazonaws.com',
  sourceArn: `arn:aws:sns:${region}:${account}:${name}`,
});
const queue = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const sending = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: [queue('failed'), queue('failed-2')] }],
};

async function makeRole(court: Court, RoleName: string): Promise<string> {
  await court.other('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify(trustPolicy) });
  const PolicyDocument = JSON.stringify(sending);
  await court.other('iam', 'PutRolePolicy', { RoleName, PolicyName: 'failed', PolicyDocument });
  return `arn:aws:iam::${account}:role/${RoleName}`;
}

const putCode = (court: Court, Key: string) =>
  court.other('s3', 'PutObject', { Bucket, Key, Body: Buffer.from(`PK ${Key}`) });

async function ground(court: Court): Promise<FunctionProps> {
  await court.other('s3', 'CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
  await putCode(court, 'one.zip');
  await putCode(court, 'two.zip');
  return {
    name: 'acme-on-order',
    packageType: 'Zip',
    code: { s3: { bucket: Bucket, key: 'one.zip' } },
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    roleArn: await makeRole(court, 'on-order'),
    memoryMib: 256,
    timeoutSeconds: 30,
    logGroup: '/ecom/shops/acme/functions/orders',
    deadLetterArn: queue('failed'),
    invokers: [topic('orders')],
  };
}

laws(lambdaFunction, {
  ground,
  live: {
    code: () => ({ s3: { bucket: Bucket, key: 'two.zip' } }),
    runtime: () => 'nodejs20.x',
    handler: () => 'other.handler',
    roleArn: async (_props, court) => {
      const arn = await makeRole(court, 'other');
      court.clock.advance(10_000);
      return arn;
    },
    memoryMib: () => 512,
    timeoutSeconds: () => 60,
    logGroup: () => '/ecom/shops/acme/functions/other',
    deadLetterArn: () => queue('failed-2'),
    invokers: () => [topic('sales')],
  },
  fixed: { name: 'acme-other', packageType: 'Image' },
  writes: { code: 2, invokers: 2 },
  foreign: async (court, { roleArn, code }) => {
    court.clock.advance(10_000);
    await court.other('lambda', 'CreateFunction', {
      ...{ FunctionName: 'acme-on-order', Role: roleArn, Runtime: 'nodejs22.x', Handler: 'index.handler' },
      Code: { S3Bucket: Bucket, S3Key: 's3' in code ? code.s3.key : '' },
    });
  },
});

describe('a function', () => {
  /** A function that is as it should be. */
  async function settled() {
    const court = new Court(lambdaFunction);
    const props = await ground(court);
    court.clock.advance(60_000);
    const { id: FunctionName } = await court.settle(props);
    return { court, props, FunctionName };
  }

  test('gets its code at birth, and only once', async () => {
    const { court } = await settled();
    const operations = court.cloud.writes().map((write) => /Function\w*|TagResource/.exec(write)?.[0]);
    expect(operations).not.toContain('FunctionCode');
    expect(court.cloud.writes().filter((write) => write.includes('UpdateFunction'))).toEqual([]);
  });

  test('whose code somebody has changed gets its own back', async () => {
    const { court, props, FunctionName } = await settled();
    await court.other('lambda', 'UpdateFunctionCode', { FunctionName, S3Bucket: Bucket, S3Key: 'two.zip' });
    court.clock.advance(60_000);
    expect(court.decide(props, (await court.own(props))[0])).toEqual({ do: 'update', fields: ['code'] });
    const before = await court.settle(props);
    expect(court.decide(props, before)).toEqual({ do: 'nothing' });
  });

  test('that somebody lets anybody call is closed again', async () => {
    const { court, props, FunctionName } = await settled();
    const Action = 'lambda:InvokeFunction';
    await court.other('lambda', 'AddPermission', { FunctionName, StatementId: 'open', Action, Principal: '*' });
    expect(court.decide(props, (await court.own(props))[0])).toEqual({ do: 'update', fields: ['invokers'] });
    await court.settle(props);
    const { Policy } = await court.other<{ Policy: string }>('lambda', 'GetPolicy', { FunctionName });
    expect(JSON.parse(Policy)).toMatchObject({ Statement: [{ Principal: { Service: 'sns.amazonaws.com' } }] });
    expect(court.simulated.world.ledger.exposures().filter(({ until }) => until === undefined)).toEqual([]);
  });

  test('whose role is not known to Lambda yet is waited for', async () => {
    const court = new Court(lambdaFunction);
    const props = await ground(court);
    await expect(lambdaFunction.create(court.aws, props, court.birth())).rejects.toMatchObject({ kind: 'busy' });
    court.clock.advance(8_000);
    await court.settle(props);
  });

  test('that is told two changes at once makes the second when the first is done', async () => {
    const { court, props } = await settled();
    const wanted = { ...props, code: { s3: { bucket: Bucket, key: 'two.zip' } }, memoryMib: 512 };
    const [found] = await court.own(props);
    const update = lambdaFunction.update(court.aws, found as never, wanted, new Set(['code', 'memoryMib']));
    await expect(update).rejects.toMatchObject({ kind: 'busy' });
    court.clock.advance(60_000);
    await court.settle(wanted);
  });

  test('that somebody made anew under our name is not changed and not deleted, and that is said', async () => {
    const { court, props, FunctionName } = await settled();
    const [found] = await court.own(props);
    await court.other('lambda', 'DeleteFunction', { FunctionName });
    await court.other('lambda', 'CreateFunction', {
      ...{ FunctionName: props.name, Role: props.roleArn, Runtime: 'nodejs22.x', Handler: 'index.handler' },
      Code: { S3Bucket: Bucket, S3Key: 'one.zip' },
    });
    const update = lambdaFunction.update(court.aws, found as never, props, new Set(['memoryMib']));
    await expect(update).rejects.toMatchObject({ kind: 'foreign' });
    await expect(lambdaFunction.delete(court.aws, found as never)).rejects.toMatchObject({ kind: 'refused' });
  });
});
