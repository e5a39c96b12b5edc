import type { RecordSet } from './records.ts';

/**
 * What is wrong with how a record shares its name with others, in Route 53's words; undefined when nothing is. Records
 * of one name and type are either one simple one, or as many weighted ones as there are set identifiers.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 */
export function problemWithRouting(record: RecordSet, records: readonly RecordSet[]): string | undefined {
  const { name, type, setIdentifier, weight } = record;
  const change = `Change with [Name=${name}, Type=${type}, SetIdentifier=${setIdentifier ?? 'null'}]`;
  if (setIdentifier === undefined && weight !== undefined)
    return `Invalid request: Missing field 'SetIdentifier' in ${change}`;
  if (setIdentifier !== undefined && weight === undefined)
    return `Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, CidrRoutingConfig, or GeoProximityLocation], but found none in ${change}`;
  const others = records.filter((one) => one.name === name && one.type === type);
  if (others.every((one) => (one.setIdentifier === undefined) === (setIdentifier === undefined))) return undefined;
  return setIdentifier === undefined
    ? `RRSet with DNS name ${name}, type ${type} cannot be created as other RRSets exist with the same name and type.`
    : `RRSet with DNS name ${name}, type ${type}, SetIdentifier ${setIdentifier} cannot be created because a non multianswer rrset exists with the same name and type.`;
}
