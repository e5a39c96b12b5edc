import type { Service } from '../../operator/model/operations.ts';
import type { Input, Output } from '../../operator/model/ports.ts';
import type { SimulatedAws } from '../../simulator/aws/simulated-aws.ts';

/** One service of the simulated AWS in one region, called in the SDK's own types, whatever operation. */
export const callsTo =
  <S extends Service>(aws: SimulatedAws, service: S, region = 'eu-central-1') =>
  <O extends string>(operation: O, input: Input<S, O>): Promise<Output<S, O>> =>
    aws.handle({ service, operation, input: input as object, region }) as Promise<Output<S, O>>;
