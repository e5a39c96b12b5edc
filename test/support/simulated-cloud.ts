import { toFault } from '../../operator/aws/errors.ts';
import { operations, type ActionClass, type Service } from '../../operator/model/operations.ts';
import type { Aws, Cloud } from '../../operator/model/ports.ts';
import type { SimulatedAws } from '../../simulator/aws/simulated-aws.ts';

/** What a write did, in order: `ec2:CreateVpc`. */
export interface Sent {
  readonly service: Service;
  readonly operation: string;
  readonly write: boolean;
}

/** The operator's port onto the simulated AWS, in process: the same errors, no sockets. */
export class SimulatedCloud implements Cloud {
  readonly account: string;
  readonly sent: Sent[] = [];
  readonly #aws: SimulatedAws;

  constructor(aws: SimulatedAws) {
    this.#aws = aws;
    this.account = aws.world.account;
  }

  at(region: string): Aws {
    const call = (service: Service) => async (operation: string, input: object) => {
      const write = (operations[service] as Record<string, ActionClass>)[operation] === 'write';
      this.sent.push({ service, operation, write });
      try {
        return await this.#aws.handle({ service, operation, input, region, principal: 'operator' });
      } catch (error) {
        throw toFault(error, { service, operation });
      }
    };
    return Object.fromEntries(
      (Object.keys(operations) as Service[]).map((service) => [service, call(service)]),
    ) as unknown as Aws;
  }

  writes(): string[] {
    return this.sent.filter(({ write }) => write).map(({ service, operation }) => `${service}:${operation}`);
  }
}
