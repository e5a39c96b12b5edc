import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toFault } from '../../operator/aws/errors.ts';
import { AwsError } from '../../simulator/aws/core/aws-error.ts';
import { serviceIds } from '../../simulator/aws/core/service-model.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { sdkCall } from './sdk-call.ts';
import { scriptedAws, type ScriptedAws } from './scripted.ts';
import { refused, spoken } from './spoken.ts';

describe('the JavaScript SDK, over sockets', () => {
  let aws: ScriptedAws;
  let front: JudgedFront;
  const script = new Map<string, object | AwsError>();

  beforeAll(async () => {
    aws = scriptedAws(script);
    front = await judgedFront({ aws });
  });
  afterAll(() => front.close());

  test.each(spoken)('$service:$operation is understood both ways ($where)', async (one) => {
    const call = `${one.service}:${one.operation}`;
    script.set(call, one.output);
    const answer = await sdkCall(front.endpoint, one.service, one.operation, one.input);
    expect(aws.asked.at(-1)).toMatchObject({ call, input: one.input });
    expect(answer).toEqual(one.output);
    expect(front.wire.misfits).toEqual([]);
  });

  test.each(refused)('%s:%s is refused in the words of AWS', async (service, operation, input, code, status) => {
    script.set(`${service}:${operation}`, new AwsError(code, 'so says <AWS>', status));
    const error = await sdkCall(front.endpoint, service, operation, input).catch((thrown: unknown) => thrown);
    const fault = toFault(error, { service, operation });
    expect(fault.facts.code).toBe(code);
    expect(fault.message).toContain('so says <AWS>');
    expect(error).toMatchObject({
      $metadata: { httpStatusCode: status, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
    });
    expect(front.wire.misfits).toEqual([]);
  });

  test('a HEAD is refused by its status alone', async () => {
    for (const [status, code, kind] of [
      [404, 'NoSuchBucket', 'absent'],
      [403, 'AccessDenied', 'denied'],
      [301, 'PermanentRedirect', 'foreign'],
    ] as const) {
      script.set('s3:HeadBucket', new AwsError(code, 'never told', status));
      const error = await sdkCall(front.endpoint, 's3', 'HeadBucket', { Bucket: 'acme' }).catch(
        (thrown: unknown) => thrown,
      );
      expect(toFault(error, { service: 's3', operation: 'HeadBucket' }).kind).toBe(kind);
    }
  });
});

test('every service is spoken', () => {
  const before = ['sts', 'autoscaling', 'elbv2', 'iam', 'acm', 'ssm', 'logs'];
  const all = new Set<string>([...spoken.map(({ service }) => service), ...before]);
  expect(serviceIds.filter((service) => !all.has(service))).toEqual([]);
});
