import type { SimulatedService } from '../core/service.ts';

/** Who is calling: everyone is the account's one operator user. */
export const sts: SimulatedService = {
  operations: {
    GetCallerIdentity: (_input, { account }) => ({
      UserId: 'AIDASIMULATEDOPERATOR',
      Account: account,
      Arn: `arn:aws:iam::${account}:user/operator`,
    }),
  },
};
