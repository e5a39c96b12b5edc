import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import type { SimulatedService } from '../core/service.ts';
import { accountBlocks, type PublicAccessBlock } from './kinds.ts';

interface OfAccount {
  readonly AccountId: string;
}

const unblocked: PublicAccessBlock = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

/** Nobody asks for another account's. */
function accountOf(request: Request, { AccountId }: OfAccount): string {
  if (AccountId !== request.account) throw new AwsError('AccessDenied', 'Access Denied', 403);
  return AccountId;
}

/** S3 Control: the account's public access block, one for all regions, and none until somebody sets it. */
export const s3control: SimulatedService = {
  operations: {
    GetPublicAccessBlock: (input: OfAccount, request) => {
      const found = request.world.collection('global', accountBlocks).get(accountOf(request, input));
      if (!found)
        throw new AwsError(
          'NoSuchPublicAccessBlockConfiguration',
          'The public access block configuration was not found',
          404,
        );
      return { PublicAccessBlockConfiguration: found };
    },
    PutPublicAccessBlock: (
      input: OfAccount & { readonly PublicAccessBlockConfiguration: Partial<PublicAccessBlock> },
      request,
    ) => {
      const block = { ...unblocked, ...input.PublicAccessBlockConfiguration };
      request.world.collection('global', accountBlocks).put(accountOf(request, input), block);
    },
    DeletePublicAccessBlock: (input: OfAccount, request) =>
      void request.world.collection('global', accountBlocks).remove(accountOf(request, input)),
  },
};
