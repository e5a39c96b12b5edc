import type { AliasTarget, Change, ResourceRecordSet, RRType } from '@aws-sdk/client-route-53';
import { certificate } from '../../operator/resources/acm/certificate.ts';
import { hostedZone } from '../../operator/resources/route53/hosted-zone.ts';
import { recordSet } from '../../operator/resources/route53/record-set.ts';
import { logGroup } from '../../operator/resources/logs/group.ts';
import { parameter } from '../../operator/resources/ssm/parameter.ts';
import { alwaysSet, driftsOf, fixedInAws, oneValue, refusedByAws, value, type Drift } from './drift.ts';
import type { Place } from './place.ts';

export const certificateDrifts = driftsOf(certificate, {
  in: 'production',
  node: 'domain/certificate',
  properties: {
    domainName: fixedInAws('acm', 'CertificateArn', 'DomainName'),
    alternativeNames: fixedInAws('acm', 'CertificateArn', 'SubjectAlternativeNames'),
  },
  deleted: {
    what: 'its listener goes first; the new one is proven by the same records',
    make: async (place) => {
      await place.elbv2('DeleteListener', { ListenerArn: place.id('loadBalancer/https') });
      await place.acm('DeleteCertificate', { CertificateArn: place.id('domain/certificate') });
    },
    awsMinutes: 15,
    writes: 21,
  },
});

/** `<zone>/<name>/<type>`, as the operator's own id of a record has it. */
const recordOf = (place: Place, node: string) => {
  const [HostedZoneId = '', name = '', type = ''] = place.id(node).split('/');
  return { HostedZoneId, Name: name, Type: type as RRType };
};

async function standing(place: Place, node: string): Promise<ResourceRecordSet> {
  const { HostedZoneId, Name, Type } = recordOf(place, node);
  const { ResourceRecordSets: [found] = [] } = await place.route53('ListResourceRecordSets', {
    ...{ HostedZoneId, StartRecordName: Name, StartRecordType: Type },
  });
  if (!found) throw new Error(`there is no record of ${node}`);
  return found;
}

const batch = (place: Place, node: string, ...Changes: Change[]) =>
  place.route53('ChangeResourceRecordSets', {
    HostedZoneId: recordOf(place, node).HostedZoneId,
    ChangeBatch: { Changes },
  });

const upsert = (node: string, what: string, change: (record: ResourceRecordSet) => ResourceRecordSet): Drift => ({
  ...{ what, node },
  make: async (place) =>
    batch(place, node, { Action: 'UPSERT', ResourceRecordSet: change(await standing(place, node)) }),
});

const removed = (node: string): Drift => ({
  ...{ what: 'the record deleted, its mark left', node },
  make: async (place) => batch(place, node, { Action: 'DELETE', ResourceRecordSet: await standing(place, node) }),
});

const host = 'domain/a-flagship.example.com';
const proof = 'domain/validation-flagship.example.com';

export const recordSetDrifts = driftsOf(recordSet, {
  in: 'production',
  node: host,
  properties: {
    zoneId: fixedInAws('route53', 'HostedZoneId', 'NewHostedZoneId'),
    name: fixedInAws('route53', 'HostedZoneId', 'NewName'),
    type: fixedInAws('route53', 'HostedZoneId', 'NewType'),
    alias: {
      changed: upsert(host, 'an address of somebody else', ({ Name, Type }) => ({
        ...{ Name, Type, TTL: 60, ResourceRecords: [{ Value: '192.0.2.66' }] },
      })),
      removed: removed(host),
      extra: refusedByAws('Route 53 takes no second record beside a simple one', 'InvalidChangeBatch', async (place) =>
        batch(place, host, {
          Action: 'CREATE',
          ResourceRecordSet: {
            ...{ Name: recordOf(place, host).Name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.66' }] },
          },
        }),
      ),
    },
    values: {
      changed: upsert(proof, 'the proof of the certificate leads elsewhere', (record) => ({
        ...{ ...record, ResourceRecords: [{ Value: 'elsewhere.example.com.' }] },
      })),
      removed: removed(proof),
      extra: refusedByAws('a CNAME has one value', 'InvalidChangeBatch', async (place) => {
        const record = await standing(place, proof);
        const ResourceRecords = [...(record.ResourceRecords ?? []), { Value: 'elsewhere.example.com.' }];
        return batch(place, proof, { Action: 'UPSERT', ResourceRecordSet: { ...record, ResourceRecords } });
      }),
    },
    ttlSeconds: {
      changed: upsert(proof, 'a day', (record) => ({ ...record, TTL: 86_400 })),
      removed: alwaysSet,
      extra: oneValue,
    },
  },
  more: ['domain/aaaa-flagship.example.com', 'domain/a-www.example.com', 'domain/a-example.com'].flatMap((node) => [
    { property: 'alias', kind: 'removed' as const, drift: { ...removed(node), what: `${node} deleted` } },
    {
      property: 'alias',
      kind: 'changed' as const,
      drift: upsert(node, `${node} looks no longer at the health of its target`, (record) => ({
        ...record,
        AliasTarget: { ...(record.AliasTarget as AliasTarget), EvaluateTargetHealth: false },
      })),
    },
  ]),
  deleted: {
    what: 'with the mark that says whose it is',
    make: async (place) => {
      const { HostedZoneId, Name } = recordOf(place, host);
      const { ResourceRecordSets = [] } = await place.route53('ListResourceRecordSets', {
        ...{ HostedZoneId, StartRecordName: `_ecom-a.${Name}`, StartRecordType: 'TXT' },
      });
      const [mark] = ResourceRecordSets;
      await batch(
        place,
        host,
        { Action: 'DELETE', ResourceRecordSet: await standing(place, host) },
        { Action: 'DELETE', ResourceRecordSet: mark },
      );
    },
    awsMinutes: 1,
    writes: 1,
  },
});

export const hostedZoneDrifts = driftsOf(hostedZone, {
  in: 'own zone',
  node: 'domain/zone',
  properties: { name: fixedInAws('route53', 'Id', 'Name') },
  deleted: {
    what: 'its records go first; the registrar has to be told the new name servers',
    make: async (place) => {
      const HostedZoneId = place.id('domain/zone');
      const { ResourceRecordSets = [] } = await place.route53('ListResourceRecordSets', { HostedZoneId });
      const Changes = ResourceRecordSets.filter(({ Type }) => Type !== 'NS' && Type !== 'SOA').map((one): Change => ({
        Action: 'DELETE',
        ResourceRecordSet: one,
      }));
      await place.route53('ChangeResourceRecordSets', { HostedZoneId, ChangeBatch: { Changes } });
      await place.route53('DeleteHostedZone', { Id: HostedZoneId });
    },
    awsMinutes: 10,
    writes: 8,
  },
});

export const logGroupDrifts = driftsOf(logGroup, {
  in: 'production',
  node: 'compute/log-group',
  properties: {
    name: fixedInAws('logs', 'logGroupName', 'newLogGroupName'),
    retentionDays: {
      changed: {
        what: 'a day',
        make: (place) =>
          place.logs('PutRetentionPolicy', { logGroupName: place.id('compute/log-group'), retentionInDays: 1 }),
      },
      removed: {
        what: 'for ever',
        make: (place) => place.logs('DeleteRetentionPolicy', { logGroupName: place.id('compute/log-group') }),
      },
      extra: oneValue,
    },
  },
  deleted: {
    what: 'made again; what was logged is lost',
    make: (place) => place.logs('DeleteLogGroup', { logGroupName: place.id('compute/log-group') }),
    awsMinutes: 1,
    writes: 2,
  },
});

const put = (what: string, input: object, more: Partial<Drift> = {}): Drift => ({
  what,
  make: async (place) => {
    const { Parameter } = await place.ssm('GetParameter', { Name: place.id('compute/parameter-url') });
    return place.ssm('PutParameter', {
      ...{ Name: Parameter?.Name, Value: Parameter?.Value, Type: 'String', Overwrite: true, ...input },
    });
  },
  ...more,
});

export const parameterDrifts = driftsOf(parameter, {
  in: 'production',
  node: 'compute/parameter-url',
  properties: {
    name: fixedInAws('ssm', 'Name', 'NewName'),
    value: value(put('another value', { Value: 'https://elsewhere.example.com' })),
    description: {
      ...value(put('another text', { Description: 'mine' }, { ends: 'left', why: 'given at birth' })),
    },
  },
  more: ['host', 'region', 'log-group', 'load-balancer-dns-name', 'secrets-prefix'].map((name) => ({
    property: 'value',
    kind: 'changed' as const,
    drift: {
      what: `another value of ${name}`,
      make: (place: Place) =>
        place.ssm('PutParameter', {
          ...{ Name: place.id(`compute/parameter-${name}`), Value: 'elsewhere', Type: 'String', Overwrite: true },
        }),
    },
  })),
  deleted: {
    what: 'made again',
    make: (place) => place.ssm('DeleteParameter', { Name: place.id('compute/parameter-url') }),
    awsMinutes: 1,
    writes: 1,
  },
});
