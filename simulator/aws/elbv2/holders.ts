import type { Request } from '../core/request.ts';

type Holds = (request: Request, loadBalancerArn: string) => boolean;

const holders: Holds[] = [];

/** Other services say which load balancers they are tied to: those cannot be deleted. */
export const holdLoadBalancers = (holds: Holds): void => void holders.push(holds);

export const isHeld = (request: Request, loadBalancerArn: string): boolean =>
  holders.some((holds) => holds(request, loadBalancerArn));
