import type { SimulatedService } from '../core/service.ts';
import { findCertificatesBy } from '../elbv2/certificates.ts';
import { onRecordsChanged } from '../route53/record-sets.ts';
import { certificateOperations, certificates, validatePending } from './certificates.ts';

findCertificatesBy((request, arn) => {
  const found = request.in(certificates).get(arn);
  return found && { issued: found.status === 'ISSUED' };
});
onRecordsChanged(validatePending);

/** ACM: certificates, proven by DNS records. */
export const acm: SimulatedService = { operations: certificateOperations };
