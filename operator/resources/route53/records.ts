import type { Change, ResourceRecordSet, RRType } from '@aws-sdk/client-route-53';
import { orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import { plainName } from './names.ts';

/** The two records that make a zone: AWS makes them with it, and they go with it. */
export const isApex = (zoneName: string, { Name = '', Type }: ResourceRecordSet): boolean =>
  plainName(Name) === zoneName && (Type === 'NS' || Type === 'SOA');

/** A batch is done as a whole or not at all. */
export async function changeRecords(aws: Aws, HostedZoneId: string, Changes: Change[]): Promise<void> {
  await aws.route53('ChangeResourceRecordSets', { HostedZoneId, ChangeBatch: { Changes } });
}

/** Every record set of a zone, to the last page. A zone that is gone has none. */
export async function recordSetsOf(aws: Aws, HostedZoneId: string): Promise<ResourceRecordSet[]> {
  const all: ResourceRecordSet[] = [];
  const read = (at?: string) => {
    const [StartRecordName, StartRecordType, StartRecordIdentifier] = at?.split(' ') ?? [];
    return orAbsent(
      aws.route53('ListResourceRecordSets', {
        HostedZoneId,
        StartRecordName,
        StartRecordType: StartRecordType as RRType | undefined,
        StartRecordIdentifier: StartRecordIdentifier || undefined,
      }),
    ).then((answer) => answer ?? { ResourceRecordSets: [], IsTruncated: false });
  };
  const next = (answer: Awaited<ReturnType<typeof read>>): string | undefined =>
    'NextRecordName' in answer && answer.IsTruncated
      ? `${answer.NextRecordName} ${answer.NextRecordType} ${answer.NextRecordIdentifier ?? ''}`
      : undefined;
  for await (const page of pages(read, next)) all.push(...(page.ResourceRecordSets ?? []));
  return all;
}
