import type { Pluggable } from '@smithy/types';
import { vi } from 'vitest';
import { connect, type CloudOptions } from '../../operator/aws/cloud.ts';
import type { Cloud } from '../../operator/model/ports.ts';
import { modelOf, shapeOf, type ServiceId } from '../../simulator/aws/core/service-model.ts';
import { misfits } from '../../simulator/aws/core/validate.ts';
import type { Finding } from '../../simulator/aws/wire/misfit.ts';
import type { JudgedFront } from './judged-front.ts';

/** A command as the operator gave it to the SDK, and the id of the reply by which its request is found again. */
export interface SentCommand {
  readonly service: ServiceId;
  readonly operation: string;
  readonly input: object;
  requestId: string | undefined;
}

/** The SDK's clients tell a middleware their names, and nothing that the models have. */
const services: Readonly<Record<string, ServiceId>> = {
  STSClient: 'sts',
  EC2Client: 'ec2',
  AutoScalingClient: 'autoscaling',
  ElasticLoadBalancingV2Client: 'elbv2',
  IAMClient: 'iam',
  ACMClient: 'acm',
  Route53Client: 'route53',
  SSMClient: 'ssm',
  CloudWatchLogsClient: 'logs',
  RDSClient: 'rds',
  ElastiCacheClient: 'elasticache',
  S3Client: 's3',
  S3ControlClient: 's3control',
  CloudFrontClient: 'cloudfront',
  CognitoIdentityProviderClient: 'cognito-idp',
  SNSClient: 'sns',
  SQSClient: 'sqs',
  LambdaClient: 'lambda',
  CloudWatchClient: 'cloudwatch',
  SecretsManagerClient: 'secretsmanager',
};

/**
 * The operator's real clients, connected to a front, with every input judged before the SDK serialises it: afterwards a
 * member that it does not know leaves no trace. What misfits is told when the front closes.
 */
export function judgedConnect(
  front: JudgedFront,
  region: string,
  options: CloudOptions,
  sent: SentCommand[] = [],
): Promise<Cloud> {
  vi.stubEnv('AWS_ENDPOINT_URL', front.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return connect(region, { ...options, plugin: inputJudge(front, sent) });
}

interface Told {
  readonly $metadata?: { readonly requestId?: string };
}

function inputJudge(front: JudgedFront, sent: SentCommand[]): Pluggable<object, object> {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next, { clientName, commandName }) =>
          async (call) => {
            const service = services[String(clientName)];
            if (!service) throw new Error(`the judge of inputs does not know ${clientName}: add it to its table`);
            const operation = String(commandName).replace(/Command$/, '');
            const command: SentCommand = { service, operation, input: call.input, requestId: undefined };
            sent.push(command);
            for (const finding of inputMisfits(service, operation, call.input))
              front.misfits.push({ side: 'input', call: `${service}:${operation}`, ...finding });
            try {
              const answer = await next(call);
              command.requestId = (answer.output as Told).$metadata?.requestId;
              return answer;
            } catch (error) {
              command.requestId = (error as Told).$metadata?.requestId;
              throw error;
            }
          },
        // The last of its step: Route 53's client first cuts prefixes off ids, and the model is of what is left.
        { step: 'initialize', priority: 'low', name: 'inputJudge' },
      ),
  };
}

const makes = /^(Create|Allocate|Request|Run)/;

/**
 * All in which a command's input is not AWS's, or not ours: a creation for which AWS takes a token must have one of our
 * own making. A setting needs none: sent twice it sets the same, and an old token would keep it from being set again.
 */
export function inputMisfits(service: ServiceId, operation: string, input: object): Finding[] {
  const model = modelOf(service);
  const described = model.operations[operation];
  if (!described) return [{ path: '', rule: 'operation', message: 'is not known here' }];
  if (!described.input)
    return Object.keys(input).map((path) => ({ path, rule: 'unknown', message: 'is not known here' }));
  const given = input as Readonly<Record<string, unknown>>;
  const tokens = Object.entries(shapeOf(model, described.input.shape).members ?? {})
    .filter(([name, { idempotencyToken }]) => idempotencyToken && given[name] === undefined && makes.test(operation))
    .map(([path]): Finding => ({
      path,
      rule: 'required',
      message: 'is left to the SDK, which invents one for each call',
    }));
  return [...misfits(model, described.input.shape, input), ...tokens];
}
