import { durations } from '../durations.ts';
import type { Operations } from '../core/request.ts';
import { absent, domainOf, domains, invalid, notSimulated, thePool } from './kinds.ts';

interface Named {
  readonly Domain: string;
  readonly UserPoolId: string;
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html */
const reserved = /aws|amazon|cognito/;

export const domainOperations: Operations = {
  CreateUserPoolDomain: (input: Named & { ManagedLoginVersion?: number; CustomDomainConfig?: object }, request) => {
    const { Domain: prefix, ManagedLoginVersion: loginVersion = 1 } = input;
    const isCustom = input.CustomDomainConfig !== undefined;
    const { id: poolId } = thePool(request, input.UserPoolId);
    if (!isCustom && reserved.test(prefix))
      throw invalid(`Domain cannot contain reserved word: ${reserved.exec(prefix)?.[0]}`);
    const taken = request.in(domains).get(prefix);
    // One that was deleted a moment ago can be had again by its own pool only.
    if (taken && (!taken.released || taken.poolId !== poolId))
      throw invalid('Domain already associated with another user pool.');
    if (domainOf(request, poolId, isCustom)) throw invalid(`User pool ${poolId} already has a domain configured.`);
    request.in(domains).put(prefix, { prefix, poolId, loginVersion, isCustom, released: false });
    return { ManagedLoginVersion: loginVersion };
  },
  UpdateUserPoolDomain: (input: Named & { ManagedLoginVersion?: number; CustomDomainConfig?: object }, request) => {
    if (input.CustomDomainConfig) throw notSimulated('a custom domain');
    const found = domainOf(request, thePool(request, input.UserPoolId).id);
    if (found?.prefix !== input.Domain) throw absent(`Domain ${input.Domain} does not exist.`);
    const { loginVersion } = request
      .in(domains)
      .change(found.prefix, { loginVersion: input.ManagedLoginVersion ?? found.loginVersion });
    return { ManagedLoginVersion: loginVersion };
  },
  DescribeUserPoolDomain: ({ Domain }: { Domain: string }, request) => {
    const found = request.in(domains).get(Domain);
    // A domain of nobody is no error: its description is empty.
    if (!found || found.released) return { DomainDescription: {} };
    return {
      DomainDescription: {
        Domain,
        UserPoolId: found.poolId,
        AWSAccountId: request.account,
        Status: 'ACTIVE',
        ManagedLoginVersion: found.loginVersion,
      },
    };
  },
  DeleteUserPoolDomain: ({ Domain, UserPoolId }: Named, request) => {
    const all = request.in(domains);
    const found = all.get(Domain);
    if (found?.poolId !== thePool(request, UserPoolId).id || found.released)
      throw invalid('No such domain or user pool exists.');
    all.change(Domain, { released: true });
    request.world.schedule(durations.cognitoDomainReserved, () => {
      if (all.get(Domain)?.released) all.remove(Domain);
    });
    return {};
  },
};
