import { createHash } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import { once } from '../core/tokens.ts';
import type { Kind, World } from '../core/world.ts';
import { durations } from '../durations.ts';
import { usersOfCertificate } from '../elbv2/certificates.ts';
import { resolve } from '../route53/resolve.ts';

export interface Certificate {
  readonly arn: string;
  readonly domain: string;
  readonly names: readonly string[];
  readonly tags: TagMap;
  readonly status: 'PENDING_VALIDATION' | 'ISSUED' | 'VALIDATION_TIMED_OUT' | 'FAILED' | 'EXPIRED';
  readonly failureReason?: string;
  readonly keyAlgorithm: string;
  readonly transparency: string;
  readonly requestedAt: number;
  readonly issuedAt: number | undefined;
  /** Until when it is valid: another time once it was renewed. */
  readonly endsAt: number | undefined;
  /** How its renewal goes, from when that is due. */
  readonly renewal?: {
    readonly status: 'PENDING_VALIDATION' | 'SUCCESS' | 'FAILED';
    readonly reason?: string;
    readonly updatedAt: number;
  };
  /** When all records were first seen. */
  readonly provenAt: number | undefined;
  readonly seeded: boolean;
}

export const certificates: Kind<Certificate> = {
  type: 'acm/certificate',
  tags: ({ tags }) => tags,
  exists: ({ seeded }) => !seeded,
};

const day = 86_400_000;
const lifetime = 395 * day;
/** So long before its end ACM begins to renew it. */
const renewalLead = 60 * day;

const hash = (text: string): string => createHash('md5').update(text).digest('hex');

/** The record that proves a name: the same for the same account and name, however often it is asked. */
export const recordFor = (account: string, name: string): { readonly name: string; readonly value: string } => {
  const bare = name.replace(/^\*\./, '');
  return {
    name: `_${hash(`${account} name ${bare}`)}.${bare}.`,
    value: `_${hash(`${account} value ${bare}`)}.acm-validations.aws.`,
  };
};

/** Puts an issued certificate of the user's own into the account. */
export function seedCertificate(
  world: World,
  region: string,
  { arn, domain, names }: { readonly arn: string; readonly domain: string; readonly names: readonly string[] },
): void {
  const now = world.now();
  world.collection(region, certificates).put(arn, {
    ...{ arn, domain, names, tags: {}, status: 'ISSUED', keyAlgorithm: 'RSA_2048', transparency: 'ENABLED' },
    ...{ requestedAt: now, issuedAt: now, endsAt: now + lifetime, provenAt: now, seeded: true },
  });
}

export function certificateOf(request: Request, arn: string): Certificate {
  const found = request.in(certificates).get(arn);
  if (!found) throw new AwsError('ResourceNotFoundException', `Could not find certificate ${arn}.`);
  return found;
}

const isProven = (world: World, name: string): boolean => {
  const record = recordFor(world.account, name);
  return resolve(world, record.name, 'CNAME').some((value) => `${value.replace(/\.$/, '')}.` === record.value);
};

/**
 * Whether the CAA records of a name, or of the nearest name above it, let Amazon issue:
 * https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html
 */
function mayIssue(world: World, name: string): boolean {
  const labels = name.replace(/^\*\./, '').split('.');
  const above = labels.map((_, i) => labels.slice(i).join('.'));
  const records = above.map((one) => resolve(world, one, 'CAA')).find((found) => found.length > 0) ?? [];
  const issuers = records.filter((record) => / issue(wild)? /.test(record));
  return issuers.length === 0 || issuers.some((record) => /"(amazon|amazontrust|awstrust|amazonaws)\.com/.test(record));
}

/** Looks whether the records are there; ACM issues some time after they are. */
export function validate(world: World, region: string, arn: string): void {
  const all = world.collection(region, certificates);
  const found = all.get(arn);
  if (found?.status !== 'PENDING_VALIDATION' || found.provenAt !== undefined) return;
  if (!found.names.every((name) => isProven(world, name))) return;
  all.change(arn, { provenAt: world.now() });
  world.schedule(durations.certificateIssued, () => {
    if (all.get(arn)?.status !== 'PENDING_VALIDATION') return;
    if (!found.names.every((name) => mayIssue(world, name)))
      all.change(arn, { status: 'FAILED', failureReason: 'CAA_ERROR' });
    else {
      all.change(arn, { status: 'ISSUED', issuedAt: world.now(), endsAt: world.now() + lifetime });
      world.schedule(lifetime - renewalLead, () => renew(world, region, arn));
    }
  });
}

/**
 * Looks once a day whether the records still are there, and renews by them, under the same ARN. Those that nothing uses
 * ACM does not renew; here they are.
 * https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
 */
function renew(world: World, region: string, arn: string): void {
  const all = world.collection(region, certificates);
  const found = all.get(arn);
  const now = world.now();
  if (found?.status !== 'ISSUED') return;
  if (now >= (found.endsAt ?? Infinity)) {
    all.change(arn, { status: 'EXPIRED', renewal: { status: 'FAILED', updatedAt: now } });
  } else if (found.names.every((name) => isProven(world, name))) {
    all.change(arn, { endsAt: now + lifetime, renewal: { status: 'SUCCESS', updatedAt: now } });
    world.schedule(lifetime - renewalLead, () => renew(world, region, arn));
  } else {
    all.change(arn, { renewal: { status: 'PENDING_VALIDATION', updatedAt: now } });
    world.schedule(day, () => renew(world, region, arn));
  }
}

/** Records have changed: whatever waits for one looks again. */
export function validatePending(world: World): void {
  for (const region of world.regions)
    for (const { arn } of world.collection(region, certificates).all()) validate(world, region, arn);
}

interface RequestCertificate {
  readonly DomainName: string;
  readonly SubjectAlternativeNames?: string[];
  readonly ValidationMethod?: string;
  readonly IdempotencyToken?: string;
  readonly KeyAlgorithm?: string;
  readonly Options?: { readonly CertificateTransparencyLoggingPreference?: string };
  readonly Tags?: TagPair[];
}

function requestCertificate(input: RequestCertificate, request: Request) {
  const { IdempotencyToken, ...parameters } = input;
  const CertificateArn = once(request, IdempotencyToken, parameters, () => make(input, request), {
    forMillis: 3_600_000,
  });
  return { CertificateArn };
}

function make(input: RequestCertificate, request: Request): string {
  const names = [...new Set([input.DomainName, ...(input.SubjectAlternativeNames ?? [])])];
  // https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
  const most = request.world.quotas.get('Domain names per ACM certificate') ?? 10;
  if (names.length > most)
    throw new AwsError(
      'LimitExceededException',
      `Error: you have reached your limit of ${most} domain names per certificate.`,
    );
  if (input.DomainName.length > 64)
    throw new AwsError('ValidationException', 'The first domain name can be no longer than 64 characters.');
  const id = [8, 4, 4, 4, 12].map((length) => request.world.random.hex(length)).join('-');
  const arn = request.arn(`certificate/${id}`);
  request.in(certificates).put(arn, {
    ...{ arn, domain: input.DomainName, names, tags: toTagMap(input.Tags), status: 'PENDING_VALIDATION' },
    keyAlgorithm: input.KeyAlgorithm ?? 'RSA_2048',
    transparency: input.Options?.CertificateTransparencyLoggingPreference ?? 'ENABLED',
    ...{ requestedAt: request.now, issuedAt: undefined, endsAt: undefined, provenAt: undefined, seeded: false },
  });
  const { world, region } = request;
  world.schedule(durations.certificateRecords, () => validate(world, region, arn));
  // "If ACM cannot validate the domain name within 72 hours, the status changes to Validation timed out."
  world.schedule(72 * 3_600_000, () => {
    const all = world.collection(region, certificates);
    if (all.get(arn)?.status === 'PENDING_VALIDATION') all.change(arn, { status: 'VALIDATION_TIMED_OUT' });
  });
  return arn;
}

function validationOf(certificate: Certificate, name: string, { account, now }: Request) {
  const told = now - certificate.requestedAt >= durations.certificateRecords;
  const { name: Name, value: Value } = recordFor(account, name);
  const statuses = {
    PENDING_VALIDATION: 'PENDING_VALIDATION',
    ISSUED: 'SUCCESS',
    VALIDATION_TIMED_OUT: 'FAILED',
    FAILED: 'FAILED',
    EXPIRED: 'SUCCESS',
  };
  return {
    DomainName: name,
    ValidationDomain: name,
    ValidationMethod: 'DNS',
    ValidationStatus: statuses[certificate.status],
    ...(told ? { ResourceRecord: { Name, Type: 'CNAME', Value } } : {}),
  };
}

const validity = ({ issuedAt, endsAt }: Certificate) =>
  issuedAt === undefined || endsAt === undefined
    ? {}
    : { IssuedAt: new Date(issuedAt), NotBefore: new Date(issuedAt), NotAfter: new Date(endsAt) };

function renewalTold({ renewal, names }: Certificate, { world }: Request) {
  if (!renewal) return {};
  const DomainValidationOptions = names.map((name) => {
    const { name: Name, value: Value } = recordFor(world.account, name);
    const ValidationStatus = isProven(world, name) ? 'SUCCESS' : 'PENDING_VALIDATION';
    const ResourceRecord = { Name, Type: 'CNAME', Value };
    return { DomainName: name, ValidationDomain: name, ValidationMethod: 'DNS', ValidationStatus, ResourceRecord };
  });
  return {
    RenewalSummary: {
      ...{ RenewalStatus: renewal.status, DomainValidationOptions, UpdatedAt: new Date(renewal.updatedAt) },
      ...(renewal.reason === undefined ? {} : { RenewalStatusReason: renewal.reason }),
    },
  };
}

const told = (certificate: Certificate, request: Request) => ({
  CertificateArn: certificate.arn,
  DomainName: certificate.domain,
  SubjectAlternativeNames: [...certificate.names],
  DomainValidationOptions: certificate.names.map((name) => validationOf(certificate, name, request)),
  Status: certificate.status,
  ...(certificate.failureReason === undefined ? {} : { FailureReason: certificate.failureReason }),
  Type: 'AMAZON_ISSUED',
  KeyAlgorithm: certificate.keyAlgorithm,
  SignatureAlgorithm: 'SHA256WITHRSA',
  InUseBy: usersOfCertificate(request, certificate.arn),
  CreatedAt: new Date(certificate.requestedAt),
  RenewalEligibility: usersOfCertificate(request, certificate.arn).length > 0 ? 'ELIGIBLE' : 'INELIGIBLE',
  ...renewalTold(certificate, request),
  Options: { CertificateTransparencyLoggingPreference: certificate.transparency },
  KeyUsages: [],
  ExtendedKeyUsages: [],
  ...(certificate.issuedAt === undefined
    ? {}
    : {
        ...validity(certificate),
        Issuer: 'Amazon',
        Serial: hash(certificate.arn).replace(/(..)(?=.)/g, '$1:'),
        Subject: `CN=${certificate.domain}`,
      }),
});

interface ListCertificates {
  readonly CertificateStatuses?: string[];
  readonly Includes?: { readonly keyTypes?: string[] };
  readonly NextToken?: string;
  readonly MaxItems?: number;
}

function list(input: ListCertificates, request: Request) {
  const keyTypes = input.Includes?.keyTypes ?? ['RSA_1024', 'RSA_2048'];
  const found = request
    .listed(certificates)
    .filter(({ status }) => input.CertificateStatuses?.includes(status) ?? true)
    .filter(({ keyAlgorithm }) => keyTypes.includes(keyAlgorithm));
  const page = { token: input.NextToken, size: input.MaxItems, most: 1000 };
  const { items, next } = pageOf(request.world, found, page);
  return {
    CertificateSummaryList: items.map((certificate) => ({
      CertificateArn: certificate.arn,
      DomainName: certificate.domain,
      SubjectAlternativeNameSummaries: [...certificate.names],
      Status: certificate.status,
      Type: 'AMAZON_ISSUED',
      KeyAlgorithm: certificate.keyAlgorithm,
      InUse: usersOfCertificate(request, certificate.arn).length > 0,
      CreatedAt: new Date(certificate.requestedAt),
      ...validity(certificate),
    })),
    NextToken: next,
  };
}

interface ByArn {
  readonly CertificateArn: string;
}

export const certificateOperations: Operations = {
  RequestCertificate: requestCertificate,
  DescribeCertificate: ({ CertificateArn }: ByArn, request) => ({
    Certificate: told(certificateOf(request, CertificateArn), request),
  }),
  ListCertificates: list,
  GetCertificate: ({ CertificateArn }: ByArn, request) => {
    if (certificateOf(request, CertificateArn).status !== 'ISSUED')
      throw new AwsError('RequestInProgressException', `The certificate ${CertificateArn} is not issued yet.`);
    return { Certificate: `-----BEGIN CERTIFICATE-----\n${hash(CertificateArn)}\n-----END CERTIFICATE-----` };
  },
  DeleteCertificate: ({ CertificateArn }: ByArn, request) => {
    const found = certificateOf(request, CertificateArn);
    if (usersOfCertificate(request, found.arn).length > 0)
      throw new AwsError(
        'ResourceInUseException',
        `Certificate ${CertificateArn} in account ${request.account} is in use.`,
      );
    request.in(certificates).remove(CertificateArn);
  },
  AddTagsToCertificate: ({ CertificateArn, Tags }: ByArn & { Tags: TagPair[] }, request) => {
    const { tags } = certificateOf(request, CertificateArn);
    request.in(certificates).change(CertificateArn, { tags: { ...tags, ...toTagMap(Tags) } });
  },
  RemoveTagsFromCertificate: ({ CertificateArn, Tags }: ByArn & { Tags: TagPair[] }, request) => {
    const { tags } = certificateOf(request, CertificateArn);
    const goes = Tags.map(({ Key = '' }) => Key);
    request.in(certificates).change(CertificateArn, { tags: withoutTags(tags, goes) });
  },
  ListTagsForCertificate: ({ CertificateArn }: ByArn, request) => ({
    Tags: toTagPairs(certificateOf(request, CertificateArn).tags),
  }),
  UpdateCertificateOptions: (
    { CertificateArn, Options }: ByArn & { Options: { CertificateTransparencyLoggingPreference?: string } },
    request,
  ) => {
    certificateOf(request, CertificateArn);
    const { CertificateTransparencyLoggingPreference: transparency = 'ENABLED' } = Options;
    request.in(certificates).change(CertificateArn, { transparency });
  },
};
