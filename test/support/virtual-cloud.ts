import { setMaxListeners } from 'node:events';
import { pacedCloud, type CloudOptions } from '../../operator/aws/paced-cloud.ts';
import type { Cloud } from '../../operator/model/ports.ts';
import { errorOf } from '../../simulator/aws/core/faults.ts';
import type { SimulatedAws } from '../../simulator/aws/simulated-aws.ts';
import type { Loss } from './exchange.ts';
import type { Wire } from './wire.ts';

const lostAs = { timeout: 'timeout', reset: 'reset', '500': 'internal', throttle: 'throttle' } as const;

/** Opens the simulated AWS for one process: paced, with faults read from errors, as the real one is. */
export const connectVirtually =
  (aws: SimulatedAws, wire: Wire) =>
  (region: string, options: CloudOptions): Promise<Cloud> => {
    // Every call under way listens to it, as in `connect`.
    setMaxListeners(0, options.signal);
    return pacedCloud(region, options, ({ service, operation, input, region: inRegion, action }) =>
      wire.send({
        to: 'aws',
        what: `${service}:${operation}`,
        write: action === 'write',
        told: input,
        signal: options.signal,
        perform: () => aws.handle({ service, operation, input, region: inRegion, principal: 'operator' }),
        lost: (how: Loss) => errorOf({ error: lostAs[how] }, service, operation) as Error,
        aborted: () => Object.assign(new Error('Request aborted'), { name: 'AbortError' }),
      }),
    );
  };
