import { beforeEach, describe, expect, test } from 'vitest';
import { pushImage } from '../../../../simulator/aws/lambda/kinds.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';

/** The members of answers that are looked at here. */
interface Answer {
  readonly FunctionArn: string;
  readonly State: string;
  readonly LastUpdateStatus: string;
  readonly CodeSha256: string;
  readonly Configuration: Answer;
  readonly Code: object;
  readonly Tags?: object;
  readonly Policy: string;
  readonly Functions: readonly object[];
  readonly NextMarker?: string;
}

const FunctionName = 'on-order';
const Role = 'arn:aws:iam::111122223333:role/on-order';
const queue = 'arn:aws:sqs:eu-central-1:111122223333:failed';
const image = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/on-order:1';
let clock: VirtualClock;
let aws: SimulatedAws;
const call = (service: 'lambda' | 'iam' | 's3') => (operation: string, input: object) =>
  callsTo(aws, service)(operation as never, input as never) as Promise<unknown> as Promise<Answer>;
const lambda = (operation: string, input: object = {}) => call('lambda')(operation, { FunctionName, ...input });
const refused = (attempt: Promise<unknown>, code: string, message: RegExp) =>
  expect(attempt).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
const zip = { S3Bucket: 'acme-code', S3Key: 'on-order.zip' };
const create = (input: object = {}) =>
  lambda('CreateFunction', { Role, Handler: 'index.handler', Runtime: 'nodejs22.x', Code: zip, ...input });
const put = (content: string) =>
  call('s3')('PutObject', { Bucket: zip.S3Bucket, Key: zip.S3Key, Body: Buffer.from(content) });
const trusting = (Service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });

beforeEach(async () => {
  clock = new VirtualClock();
  aws = createSimulatedAws({ clock });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' };
  await call('s3')('CreateBucket', { Bucket: zip.S3Bucket, CreateBucketConfiguration });
  await put('PK one');
  await call('iam')('CreateRole', {
    RoleName: 'on-order',
    AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
  });
  clock.advance(10_000);
});

describe('a function', () => {
  test('of code that nobody signs tells its name alone', async () => {
    await create();
    expect(await lambda('GetFunctionCodeSigningConfig')).toEqual({ FunctionName });
  });

  test('is pending, then active, and changes one thing at a time', async () => {
    expect(await create()).toMatchObject({ State: 'Pending' });
    const slower = () => lambda('UpdateFunctionConfiguration', { Timeout: 30 });
    await refused(slower(), 'ResourceConflictException', /Pending/);
    clock.advance(3_000);
    expect(await slower()).toMatchObject({ State: 'Active', LastUpdateStatus: 'InProgress', Timeout: 30 });
    await refused(lambda('UpdateFunctionCode', zip), 'ResourceConflictException', /update is in progress/);
    clock.advance(2_000);
    expect(await lambda('GetFunctionConfiguration')).toMatchObject({ LastUpdateStatus: 'Successful' });
    await refused(create(), 'ResourceConflictException', /already exist/);
  });

  test('needs a role that is known, and that trusts Lambda', async () => {
    await call('iam')('CreateRole', { RoleName: 'late', AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') });
    await call('iam')('CreateRole', { RoleName: 'other', AssumeRolePolicyDocument: trusting('ec2.amazonaws.com') });
    const by = (name: string) => create({ Role: Role.replace('on-order', name) });
    await refused(by('late'), 'InvalidParameterValueException', /cannot be assumed by Lambda/);
    clock.advance(8_000);
    await refused(by('other'), 'InvalidParameterValueException', /cannot be assumed by Lambda/);
    await by('late');
  });

  test('sends to a queue for what fails only what its role may send', async () => {
    const DeadLetterConfig = { TargetArn: queue };
    await refused(create({ DeadLetterConfig }), 'InvalidParameterValueException', /permissions to call SendMessage/);
    const Statement = [{ Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queue] }];
    await call('iam')('PutRolePolicy', {
      ...{ RoleName: 'on-order', PolicyName: 'failed' },
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
    expect(await create({ DeadLetterConfig })).toMatchObject({ DeadLetterConfig });
  });

  test('has the code that stood in the bucket when it was told, by version where one is named', async () => {
    const { CodeSha256 } = await create();
    clock.advance(3_000);
    await put('PK two');
    expect((await lambda('GetFunction')).Configuration.CodeSha256).toBe(CodeSha256);
    expect((await lambda('UpdateFunctionCode', zip)).CodeSha256).not.toBe(CodeSha256);
    clock.advance(2_000);
    await put('no archive');
    await refused(lambda('UpdateFunctionCode', zip), 'InvalidParameterValueException', /unzip/);
    const missing = { ...zip, S3Key: 'missing.zip' };
    await refused(lambda('UpdateFunctionCode', missing), 'InvalidParameterValueException', /NoSuchKey/);
    const elsewhere = { ...zip, S3Bucket: 'nobodys' };
    await refused(lambda('UpdateFunctionCode', elsewhere), 'InvalidParameterValueException', /NoSuchBucket/);
  });

  test('of an image takes longer, and wants no handler', async () => {
    const ofImage = (more: object = {}) =>
      lambda('CreateFunction', { Role, PackageType: 'Image', Code: { ImageUri: image }, ...more });
    await refused(ofImage(), 'InvalidParameterValueException', /does not exist/);
    pushImage(aws.world, 'eu-central-1', image);
    await refused(ofImage({ Handler: 'a', Runtime: 'nodejs22.x' }), 'InvalidParameterValueException', /Image/);
    await ofImage();
    clock.advance(44_000);
    expect((await lambda('GetFunction')).Configuration.State).toBe('Pending');
    clock.advance(1_000);
    expect(await lambda('GetFunction')).toMatchObject({
      Configuration: { State: 'Active' },
      Code: { ImageUri: image },
    });
  });

  test('is listed without what is going on, in pages', async () => {
    await create();
    await create({ FunctionName: 'other' });
    aws.world.pageSize = 1;
    const { Functions, NextMarker } = await call('lambda')('ListFunctions', {});
    expect(Functions[0]).not.toHaveProperty('State');
    expect((await call('lambda')('ListFunctions', { Marker: NextMarker })).Functions).toHaveLength(1);
  });
});

describe('the policy of a function', () => {
  beforeEach(async () => {
    await create();
  });
  const permit = (input: object) =>
    lambda('AddPermission', { StatementId: 'topic', Action: 'lambda:InvokeFunction', ...input });

  test('is absent before the first statement and after the last', async () => {
    await refused(lambda('GetPolicy'), 'ResourceNotFoundException', /does not exist/);
    await permit({ Principal: 'sns.amazonaws.com', SourceArn: 'arn:aws:sns:eu-central-1:111122223333:orders' });
    expect(JSON.parse((await lambda('GetPolicy')).Policy)).toMatchObject({
      Statement: [{ Sid: 'topic', Principal: { Service: 'sns.amazonaws.com' }, Condition: { ArnLike: {} } }],
    });
    await refused(permit({ Principal: 'sns.amazonaws.com' }), 'ResourceConflictException', /already exists/);
    await lambda('RemovePermission', { StatementId: 'topic' });
    await refused(lambda('GetPolicy'), 'ResourceNotFoundException', /./);
    await refused(lambda('RemovePermission', { StatementId: 'topic' }), 'ResourceNotFoundException', /topic/);
  });

  test('that lets anybody call it exposes it', async () => {
    await permit({ Principal: '*', SourceArn: 'arn:aws:sns:eu-central-1:111122223333:orders' });
    expect(aws.world.ledger.exposures()).toEqual([]);
    await permit({ StatementId: 'open', Principal: '*' });
    expect(aws.world.ledger.exposures().map(({ what }) => what)).toEqual([`function ${FunctionName} by its policy`]);
  });
});
