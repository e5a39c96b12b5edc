import { AwsError } from '../../simulator/aws/core/aws-error.ts';
import { refusal } from '../../simulator/aws/core/refusal.ts';
import { modelOf, type ServiceId } from '../../simulator/aws/core/service-model.ts';
import { misfits } from '../../simulator/aws/core/validate.ts';
import { createSimulatedAws, type SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../simulator/clock.ts';

/** What an AWS that only plays a part is to answer, by operation: `s3:GetBucketPolicy`. */
export type Script = ReadonlyMap<string, object | AwsError>;

export interface ScriptedAws extends SimulatedAws {
  /** The inputs as they arrived. */
  readonly asked: { readonly call: string; readonly input: object }[];
}

/**
 * An AWS that has no behaviour: it refuses what the models refuse, and answers each operation as it was told to. It is
 * there to prove the wire, which is between it and the clients.
 */
export function scriptedAws(script: Script): ScriptedAws {
  const asked: { call: string; input: object }[] = [];
  const handle: SimulatedAws['handle'] = async ({ service, operation, input }) => {
    const call = `${service}:${operation}`;
    const described = modelOf(service as ServiceId).operations[operation];
    const wrong = described?.input ? misfits(modelOf(service as ServiceId), described.input.shape, input) : [];
    if (wrong.length > 0) throw refusal(service as ServiceId, wrong);
    asked.push({ call, input });
    const answer = script.get(call) ?? {};
    if (answer instanceof AwsError) throw answer;
    return answer;
  };
  return { ...createSimulatedAws({ clock: new VirtualClock() }), handle, asked };
}
