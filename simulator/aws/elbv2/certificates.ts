import { AwsError } from '../core/aws-error.ts';
import type { Request } from '../core/request.ts';
import { listeners, type Listener } from './kinds.ts';

/** What a load balancer has to know of a certificate. */
export interface KnownCertificate {
  readonly issued: boolean;
}

type FindCertificate = (request: Request, arn: string) => KnownCertificate | undefined;

let find: FindCertificate | undefined;

/** ACM says how a certificate is found; until it does, there are none. */
export const findCertificatesBy = (finder: FindCertificate): void => void (find = finder);

/** Refuses a certificate that is not there or not issued. */
export function checkCertificate(request: Request, arn: string): void {
  const found = find?.(request, arn);
  if (!found) throw new AwsError('CertificateNotFound', `Certificate '${arn}' not found`);
  if (!found.issued)
    throw new AwsError(
      'UnsupportedCertificate',
      `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
    );
}

const otherUsers: ((request: Request, arn: string) => readonly string[])[] = [];

/** Other services say what of theirs uses a certificate. */
export const alsoUsesCertificates = (users: (typeof otherUsers)[number]): void => void otherUsers.push(users);

/** The load balancers and distributions that use a certificate: ACM deletes none that is in use. */
export const usersOfCertificate = (request: Request, arn: string): string[] => [
  ...new Set(
    request
      .in(listeners)
      .all()
      .filter(({ certificateArns }: Listener) => certificateArns.includes(arn))
      .map(({ loadBalancerArn }) => loadBalancerArn),
  ),
  ...otherUsers.flatMap((users) => users(request, arn)),
];
