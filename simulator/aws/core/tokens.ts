import { isDeepStrictEqual } from 'node:util';
import { AwsError } from './aws-error.ts';
import type { Request } from './request.ts';
import type { Kind } from './world.ts';

interface Used {
  readonly input: object;
  readonly result: unknown;
  readonly at: number;
}

const kindOf = (operation: string): Kind<Used> => ({
  type: `token/${operation}`,
  tags: () => ({}),
  exists: () => false, // A token is no resource: the ledger does not count it.
});

/**
 * Client tokens as AWS documents them: the same token with the same parameters is the same request, with other ones it is
 * refused. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export function once<T>(
  request: Request,
  token: string | undefined,
  input: object,
  create: () => T,
  options: { readonly forMillis?: number; readonly mismatch?: AwsError } = {},
): T {
  if (token === undefined) return create();
  const used = request.in(kindOf(`${request.service}:${request.operation}`));
  const known = used.get(token);
  if (known && request.now - known.at <= (options.forMillis ?? 24 * 3_600_000)) {
    if (!isDeepStrictEqual(known.input, input))
      throw (
        options.mismatch ??
        new AwsError(
          'IdempotentParameterMismatch',
          'The request uses the same client token as a previous, but non-identical request.',
        )
      );
    return known.result as T;
  }
  const result = create();
  used.put(token, { input: structuredClone(input), result, at: request.now });
  return result;
}
