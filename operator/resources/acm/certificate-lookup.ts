import { Fault, orAbsent } from '../../model/faults.ts';
import { tagsFromPairs } from '../../model/identity.ts';
import { refuseOthers, type Tenant } from '../../model/ownership.ts';
import type { LookupType } from '../../model/resource-type.ts';

/** A certificate of the user's own: that it exists in the region it is asked for in, is issued, and covers every name. */
export interface CertificateLookupProps {
  readonly certificateArn: string;
  readonly names: readonly string[];
  readonly tenant: Tenant;
}

export interface CertificateLookupOutputs {
  readonly certificateArn: string;
  /** Those that were asked for. */
  readonly names: readonly string[];
}

export const certificateLookup: LookupType<CertificateLookupProps, CertificateLookupOutputs> = {
  name: 'acm/certificate-lookup',
  scope: 'regional',

  async lookup(aws, { certificateArn, names, tenant }) {
    const answer = await orAbsent(aws.acm('DescribeCertificate', { CertificateArn: certificateArn }));
    const found = answer?.Certificate;
    if (!found)
      throw new Fault('absent', `there is no certificate ${certificateArn} in this region and account`, {
        remedy: `give the ARN of a certificate in ${regionOf(certificateArn)} and of this account, or none, and one is requested`,
      });
    const { Tags } = await aws.acm('ListTagsForCertificate', { CertificateArn: certificateArn });
    refuseOthers(tenant, `certificate ${certificateArn}`, tagsFromPairs(Tags));
    if (found.Status !== 'ISSUED')
      throw new Fault('rejected', `certificate ${certificateArn} is ${found.Status}`, {
        remedy: 'have it issued, or give none, and one is requested',
      });
    const covered = [found.DomainName ?? '', ...(found.SubjectAlternativeNames ?? [])];
    const bare = names.filter((name) => !covered.some((pattern) => covers(pattern, name)));
    if (bare.length > 0)
      throw new Fault('rejected', `certificate ${certificateArn} does not cover ${bare.join(', ')}`, {
        remedy: 'give one that covers the host and all aliases, or none, and one is requested',
      });
    return { certificateArn, names };
  },
};

const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/** A wildcard stands for one label: `*.example.com` covers `shop.example.com` and nothing deeper. */
const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*.') && name.slice(name.indexOf('.') + 1) === pattern.slice(2));
