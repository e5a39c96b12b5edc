import { STSClient } from '@aws-sdk/client-sts';
import { EC2Client } from '@aws-sdk/client-ec2';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { ACMClient } from '@aws-sdk/client-acm';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SSMClient } from '@aws-sdk/client-ssm';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { setMaxListeners } from 'node:events';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Pluggable } from '@smithy/types';
import { Fault } from '../model/faults.ts';
import { operations, type ActionClass, type Service } from '../model/operations.ts';
import type { Aws, Cloud, Priority } from '../model/ports.ts';
import { commands } from './commands.ts';
import { toFault } from './errors.ts';
import type { Pacing } from './pacing.ts';

const clients = {
  sts: STSClient,
  ec2: EC2Client,
  autoscaling: AutoScalingClient,
  elbv2: ElasticLoadBalancingV2Client,
  iam: IAMClient,
  acm: ACMClient,
  route53: Route53Client,
  ssm: SSMClient,
  logs: CloudWatchLogsClient,
} as const;

/** What became of one call, for metrics. */
export interface Outcome {
  readonly service: Service;
  readonly operation: string;
  /** 'success', or the fault's kind. */
  readonly outcome: string;
  readonly seconds: number;
}

export interface CloudOptions {
  readonly pacing: Pacing;
  /** Ends all calls, and refuses new ones: the lease is lost, or the process stops. */
  readonly signal: AbortSignal;
  observe?(outcome: Outcome): void;
  /** Added to every client: whoever wants to see commands before the SDK serialises them, which drops what it does not know. */
  readonly plugin?: Pluggable<object, object>;
}

// The SDK's clients and commands pair up by service; their generic types cannot say so across a table.
interface AnyClient {
  readonly middlewareStack: { use(plugin: Pluggable<object, object>): void };
  send(command: object, options: { abortSignal: AbortSignal }): Promise<unknown>;
}
type AnyCommand = new (input: object) => object;

/**
 * The real AWS (or whatever AWS_ENDPOINT_URL names), under the SDK's default credentials. Reads are retried by the SDK;
 * writes are sent once, because the SDK re-sends creations whose answer was lost (facts.md): only the engine, which
 * looks before it creates, may send a write again.
 */
export async function connect(region: string, options: CloudOptions): Promise<Cloud> {
  const handler = new NodeHttpHandler({
    connectionTimeout: 2_000,
    requestTimeout: 30_000,
    throwOnRequestTimeout: true,
  });
  // Every call under way listens to it; Node takes more than ten listeners for a leak.
  setMaxListeners(0, options.signal);
  const made = new Map<string, AnyClient>();
  const client = (service: Service, inRegion: string, action: ActionClass): AnyClient => {
    const key = `${service}/${inRegion}/${action}`;
    const existing = made.get(key);
    if (existing) return existing;
    const fresh = new clients[service]({
      region: inRegion,
      maxAttempts: action === 'read' ? 3 : 1,
      retryMode: 'standard',
      requestHandler: handler,
      customUserAgent: 'ecomstore-operator',
    }) as unknown as AnyClient;
    if (options.plugin) fresh.middlewareStack.use(options.plugin);
    made.set(key, fresh);
    return fresh;
  };

  const call = async (service: Service, operation: string, input: object, inRegion: string, priority: Priority) => {
    const action = (operations[service] as Record<string, ActionClass>)[operation] as ActionClass;
    const command = (commands[service] as unknown as Record<string, AnyCommand>)[operation];
    if (!command) throw new Fault('bug', `${service}:${operation} has no command: run npm run generate`);
    const bucket = options.pacing.bucket(inRegion, service, action);
    await bucket.take(priority);
    const began = performance.now();
    const ended = (outcome: string) =>
      options.observe?.({ service, operation, outcome, seconds: (performance.now() - began) / 1000 });
    try {
      options.signal.throwIfAborted();
      const answer = await client(service, inRegion, action).send(new command(input), { abortSignal: options.signal });
      bucket.succeeded();
      ended('success');
      return answer;
    } catch (error) {
      const fault = toFault(error, { service, operation });
      if (fault.kind === 'throttled') bucket.throttled();
      ended(fault.kind);
      throw fault;
    }
  };

  const at = (inRegion: string, priority: Priority): Aws =>
    Object.fromEntries(
      Object.keys(operations).map((service) => [
        service,
        (operation: string, input: object) => call(service as Service, operation, input, inRegion, priority),
      ]),
    ) as unknown as Aws;

  const { Account } = await at(region, 'change').sts('GetCallerIdentity', {});
  if (!Account) throw new Fault('bug', 'sts:GetCallerIdentity answered without an account');
  return { account: Account, at };
}
