import { AwsError } from './core/aws-error.ts';
import { copyOf } from './core/copy.ts';
import { errorOf, type FaultRule } from './core/faults.ts';
import { refusal } from './core/refusal.ts';
import { Request } from './core/request.ts';
import { answerModelOf, modelOf, serviceIds, type ServiceId } from './core/service-model.ts';
import { misfits } from './core/validate.ts';
import { World, type WorldOptions } from './core/world.ts';
import { services } from './services.ts';

/** One call to the simulated AWS. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly region: string;
  readonly principal?: string;
  readonly userAgent?: string;
  /** Waits before the answer where a fault asks for it. Left out, as where time is virtual: nothing waits. */
  readonly delay?: (millis: number) => Promise<void>;
}

export interface SimulatedAws {
  readonly world: World;
  /** Answers as AWS would; throws an `AwsError` for a refusal, a `ConnectionLost` when no answer comes. */
  handle(call: Call): Promise<object>;
  /** The request id of the last call: the fronts put it into their replies. */
  nextRequestId(): string;
}

const isServiceId = (service: string): service is ServiceId => (serviceIds as readonly string[]).includes(service);

/** A new, empty account. */
export function createSimulatedAws(options: WorldOptions): SimulatedAws {
  const world = new World(options);
  for (const { install } of Object.values(services)) install?.(world);
  const nextRequestId = (): string => [8, 4, 4, 4, 12].map((length) => world.random.hex(length)).join('-');

  const handle = async (call: Call): Promise<object> => {
    world.settle();
    const { service, operation, region, principal = 'anonymous', userAgent } = call;
    const rule = knows(service, operation) ? world.faults.strike({ service, operation, region }) : undefined;
    const ended = (outcome: string) =>
      world.ledger.called({ at: world.now(), service, operation, outcome, region, principal, userAgent });
    try {
      const output = answer(world, call, rule, nextRequestId());
      ended('success');
      return output;
    } catch (error) {
      ended(error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      if (rule?.latencyMillis !== undefined) await call.delay?.(rule.latencyMillis);
    }
  };
  return { world, handle, nextRequestId };
}

const knows = (service: string, operation: string): boolean =>
  isServiceId(service) && Object.hasOwn(modelOf(service).operations, operation);

function answer(
  world: World,
  { service, operation, input, region }: Call,
  rule: FaultRule | undefined,
  requestId: string,
): object {
  if (!isServiceId(service)) throw new AwsError('UnknownService', `The simulator has no service ${service}`, 404);
  const model = modelOf(service);
  const known = model.operations[operation];
  if (!known) throw new AwsError('InvalidAction', `The simulator knows no operation ${service}:${operation}`);
  const fault = rule && errorOf(rule, service, operation);
  if (fault && rule.when !== 'after') throw fault;
  const wrong = known.input ? misfits(model, known.input.shape, input) : [];
  if (wrong.length > 0) throw refusal(service, wrong);
  const handler = services[service].operations[operation];
  if (!handler) throw new AwsError('InvalidAction', `${service}:${operation} is not simulated`, 501);
  const request = new Request({ world, service, operation, region, requestId });
  const output = copyOf(handler(copyOf(input), request) ?? {});
  const lies = known.output ? misfits(answerModelOf(service), known.output.shape, output) : [];
  if (lies.length > 0)
    throw new Error(
      `the simulator's answer to ${service}:${operation} is not AWS's: ${JSON.stringify(lies.slice(0, 5))}`,
    );
  world.judgeExposure();
  if (fault) throw fault;
  return output;
}
