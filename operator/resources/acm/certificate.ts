import type { CertificateDetail, CertificateSummary, DomainValidation, KeyAlgorithm } from '@aws-sdk/client-acm';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, tagPairs, tagsFromPairs, type NodeOwner } from '../../model/identity.ts';
import { learntOwner } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, Notice, ResourceType, State } from '../../model/resource-type.ts';

/** The proof that the store is the host it says it is. ACM issues it once the DNS records that it asks for exist. */
export interface CertificateProps {
  readonly domainName: string;
  /** Further names, without the first one, sorted. */
  readonly alternativeNames: readonly string[];
}

/** Beside the ARN and what it proves, `recordName:<name>` and `recordValue:<name>` for every name: the records that prove it. */
export interface CertificateOutputs {
  readonly certificateArn: string;
  /** All of them, sorted. */
  readonly names: readonly string[];
  readonly [record: `recordName:${string}` | `recordValue:${string}`]: string;
}

type CertificateFound = Found<CertificateProps, CertificateOutputs>;

export const certificate: ResourceType<CertificateProps, CertificateOutputs> = {
  name: 'acm/certificate',
  fields: { domainName: 'fixed', alternativeNames: 'fixed' },
  // The record that proves a name is the same for all certificates of an account.
  stays: (output) => output.startsWith('record'),
  needs: [],
  replace: 'create-first', // The load balancer goes on under the old one until the new one is issued.
  once: 'token', // "IdempotencyToken … if you call RequestCertificate multiple times … within one hour"
  endedBy: 'DeleteCertificate',
  beat: 'settings',
  // Usable from when the records stand, and nobody has seen that sooner; the records themselves are told some seconds late.
  takes: { making: 60_000, telling: 5_000 },
  scope: 'regional',
  stateUnlisted: 'notice', // How a renewal goes.
  alsoInUsEast1: true, // CloudFront takes its certificates from there.

  async *list(aws, scope) {
    // Without this filter ACM tells of RSA_2048 certificates only.
    const Includes = {
      keyTypes: [
        'RSA_1024',
        'RSA_2048',
        'RSA_3072',
        'RSA_4096',
        'EC_prime256v1',
        'EC_secp384r1',
        'EC_secp521r1',
      ] as KeyAlgorithm[],
    };
    const read = (NextToken?: string) => aws.acm('ListCertificates', { Includes, MaxItems: 1000, NextToken });
    for await (const page of pages(read, (answer) => answer.NextToken)) {
      const owned = await Promise.all(
        (page.CertificateSummaryList ?? []).map(async (summary) => {
          const { CertificateArn: arn = '', Status } = summary;
          const owner = await learntOwner(scope, arn, () => ownerOf(aws, arn));
          if (!owner) return { ...stranger, id: arn };
          // Why it failed is told of one certificate at a time only.
          return Status === 'FAILED' ? describe(aws, arn, owner) : toldBriefly(summary, owner, scope.now);
        }),
      );
      yield owned.filter((found) => found !== undefined);
    }
  },

  /** The records that prove the names: ACM tells them some seconds after the request. And how its renewal goes. */
  async detail(aws, found) {
    const told = await describe(aws, found.id, found.owner as NodeOwner);
    return told && { ...told, incomplete: told.state.is === 'pending' && !hasRecords(told) };
  },

  async create(aws, props, birth) {
    const { CertificateArn: arn = '' } = await aws.acm('RequestCertificate', {
      DomainName: props.domainName,
      SubjectAlternativeNames: props.alternativeNames.length > 0 ? [...props.alternativeNames] : undefined,
      ValidationMethod: 'DNS',
      IdempotencyToken: birth.token,
      Tags: tagPairs(birth.tags),
    });
    return {
      id: arn,
      owner: birth.owner,
      state: { is: 'pending', reason: 'certificate was requested' },
      props: { ...props },
      outputs: outputsOf(arn, props),
    };
  },

  async update() {
    // Every prop is fixed: decide never asks for this.
  },

  async delete(aws, found) {
    await orAbsent(aws.acm('DeleteCertificate', { CertificateArn: found.id }));
  },
};

/** A certificate of somebody else's: known only so that it is not asked about again. */
const stranger: Omit<CertificateFound, 'id'> = { owner: undefined, state: { is: 'ready' }, props: {}, outputs: {} };

async function ownerOf(aws: Aws, CertificateArn: string): Promise<NodeOwner | undefined> {
  const answer = await orAbsent(aws.acm('ListTagsForCertificate', { CertificateArn }));
  return ownerFromTags(tagsFromPairs(answer?.Tags));
}

async function describe(aws: Aws, CertificateArn: string, owner: NodeOwner): Promise<CertificateFound | undefined> {
  const answer = await orAbsent(aws.acm('DescribeCertificate', { CertificateArn }));
  return answer?.Certificate && told(answer.Certificate, owner);
}

const hasRecords = ({ props, outputs }: CertificateFound): boolean =>
  [props.domainName, ...(props.alternativeNames ?? [])].every((name) => `recordName:${name}` in outputs);

/** What has served and does not any more. It may still be in use, and ACM renews no such certificate. */
const spent: readonly (string | undefined)[] = ['EXPIRED', 'REVOKED', 'INACTIVE'];

/**
 * What is spent proves no names. So another one is requested before it goes, as for other names: ACM deletes none that
 * is in use.
 * https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html
 */
function namesIn(
  { DomainName: domainName = '', Status }: Pick<CertificateDetail, 'DomainName' | 'Status'>,
  names: readonly string[] = [],
): Partial<CertificateProps> {
  if (spent.includes(Status)) return { domainName: undefined, alternativeNames: undefined };
  return { domainName, alternativeNames: names.filter((name) => name !== domainName).sort() };
}

const outputsOf = (certificateArn: string, { domainName = '', alternativeNames = [] }: Partial<CertificateProps>) => ({
  certificateArn,
  names: [domainName, ...alternativeNames].sort(),
});

function toldBriefly(found: CertificateSummary, owner: NodeOwner, now: number): CertificateFound {
  const { CertificateArn: id = '', SubjectAlternativeNameSummaries: names = [], Status } = found;
  const props = namesIn(found, names);
  return {
    id,
    owner,
    state: stateOf({ Status, DomainValidationOptions: names.map((DomainName) => ({ DomainName })) }),
    props,
    outputs: outputsOf(id, props),
    bornAt: found.CreatedAt?.getTime(),
    revision: revisionOf(found, now),
  };
}

const day = 86_400_000;

/** So many days before its end ACM begins to renew a certificate: sixty, or fewer where it lives shorter. */
const renewalDays = 60;

/**
 * Names and records of a certificate never change, and once it is issued nothing more is added. Another end means that it
 * was renewed; while that is due its details are read once a day.
 */
function revisionOf({ Status, NotAfter }: CertificateSummary, now: number): string | undefined {
  if (Status !== 'ISSUED') return undefined;
  if (NotAfter === undefined) return Status;
  const days = Math.floor((NotAfter.getTime() - now) / day);
  const until = `${Status} until ${NotAfter.toISOString()}`;
  return days <= renewalDays ? `${until}, in ${days} days` : until;
}

function told(found: CertificateDetail, owner: NodeOwner): CertificateFound {
  const { CertificateArn: id = '' } = found;
  const records = (found.DomainValidationOptions ?? []).flatMap(({ DomainName: name = '', ResourceRecord }) =>
    ResourceRecord?.Name === undefined
      ? []
      : [
          [`recordName:${name}`, withoutDot(ResourceRecord.Name)],
          [`recordValue:${name}`, ResourceRecord.Value ?? ''],
        ],
  );
  const props = namesIn(found, found.SubjectAlternativeNames);
  return {
    id,
    owner,
    state: stateOf(found),
    props,
    outputs: { ...outputsOf(id, props), ...(Object.fromEntries(records) as object) },
    bornAt: found.CreatedAt?.getTime(),
  };
}

const withoutDot = (name: string): string => name.replace(/\.$/, '').toLowerCase();

/**
 * Terraform waits 75 minutes, because 45 were too few for some; after 72 hours ACM gives up.
 * https://github.com/hashicorp/terraform-provider-aws/issues/9338
 */
const overdue = {
  after: 75 * 60_000,
  remedy:
    'see whether the world finds the records (dig CNAME <name>): the name servers of the hosted zone have to stand at the registrar, or in the zone above it',
};

function stateOf(found: CertificateDetail): State {
  const { Status, FailureReason, DomainValidationOptions } = found;
  switch (Status) {
    case 'ISSUED': {
      const notice = renewalOf(found);
      return notice ? { is: 'ready', notice } : { is: 'ready' };
    }
    case 'PENDING_VALIDATION': {
      const reason = `ACM has not seen the DNS records yet that prove ${unproven(DomainValidationOptions)}`;
      return { is: 'pending', reason, overdue };
    }
    case undefined:
      return { is: 'pending', reason: 'certificate was requested' };
    default:
      // FAILED, VALIDATION_TIMED_OUT, EXPIRED, REVOKED, INACTIVE: it will not serve any more.
      return {
        is: 'failed',
        reason: `certificate is ${Status}${FailureReason ? `: ${FailureReason}` : ''}`,
        remedy: remedies[FailureReason ?? ''],
      };
  }
}

/** The names that ACM has not found proven, and the records that it looks for. */
function unproven(options: readonly DomainValidation[] = []): string {
  const open = options.filter(({ ValidationStatus }) => ValidationStatus !== 'SUCCESS');
  const wants = ({ DomainName = '', ResourceRecord }: DomainValidation): string =>
    ResourceRecord?.Name === undefined ? DomainName : `${DomainName} (${withoutDot(ResourceRecord.Name)})`;
  return open.map(wants).join(', ');
}

/**
 * A renewal that ACM does not get done by itself. Until its end the certificate serves as before.
 * https://docs.aws.amazon.com/acm/latest/APIReference/API_RenewalSummary.html
 */
function renewalOf({ RenewalSummary: renewal, NotAfter }: CertificateDetail): Notice | undefined {
  const { RenewalStatus: status, RenewalStatusReason: why, DomainValidationOptions: options } = renewal ?? {};
  const ends = NotAfter ? `it ends on ${NotAfter.toISOString().slice(0, 10)}` : 'it ends soon';
  if (status === 'PENDING_VALIDATION')
    return {
      reason: 'RenewalWaits',
      message: `${ends}, and ACM cannot renew it: it does not see the DNS records that prove ${unproven(options)}; ${overdue.remedy}`,
    };
  if (status !== 'FAILED') return undefined;
  const remedy = remedies[why ?? ''] ?? 'see what ACM tells of it in its console, and mend that';
  return {
    reason: 'RenewalFailed',
    message: `${ends}, and ACM could not renew it${why ? ` (${why})` : ''}: ${remedy}`,
  };
}

/** https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html, where a person can do more than read it. */
const remedies: Readonly<Record<string, string>> = {
  CAA_ERROR:
    'let Amazon issue: give the name, or the one above it, a CAA record 0 issue "amazon.com", or none at all ' +
    '(https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html)',
};
