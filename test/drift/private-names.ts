import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { privateZone } from '../../operator/resources/route53/private-zone.ts';
import { homeRegion } from '../../simulator/account.ts';
import { driftsOf, fixedInAws, refusedByAws, type Drift } from './drift.ts';
import type { Place } from './place.ts';

const node = 'database/names';

async function standing(place: Place): Promise<ResourceRecordSet[]> {
  const { ResourceRecordSets = [] } = await place.route53('ListResourceRecordSets', { HostedZoneId: place.id(node) });
  return ResourceRecordSets.filter(({ Type }) => Type === 'CNAME');
}

const batch = (place: Place, Changes: readonly Change[]) =>
  place.route53('ChangeResourceRecordSets', { HostedZoneId: place.id(node), ChangeBatch: { Changes: [...Changes] } });

/** Each record that now answers, in one batch, after `change`. */
const changed = (
  what: string,
  change: (record: ResourceRecordSet) => readonly Change[],
  more: Partial<Drift> = {},
): Drift => ({
  what,
  ...more,
  make: async (place) => batch(place, (await standing(place)).flatMap(change)),
});

const theirVpc = async (place: Place) => {
  const { Vpc } = await place.ec2('CreateVpc', { CidrBlock: '10.99.0.0/16' });
  // Until it is there.
  place.world.clock.advance(60_000);
  place.world.aws.world.settle();
  return { VPCId: Vpc?.VpcId, VPCRegion: homeRegion } as const;
};

const ourVpc = (place: Place) => ({ VPCId: place.id('network/vpc'), VPCRegion: homeRegion }) as const;

export const privateZoneDrifts = driftsOf(privateZone, {
  in: 'mysql',
  node,
  properties: {
    name: fixedInAws('route53', 'HostedZoneId', 'NewName'),
    vpcs: {
      changed: {
        what: "another VPC sees it, and the store's does not",
        make: async (place) => {
          const HostedZoneId = place.id(node);
          await place.route53('AssociateVPCWithHostedZone', { HostedZoneId, VPC: await theirVpc(place) });
          await place.route53('DisassociateVPCFromHostedZone', { HostedZoneId, VPC: ourVpc(place) });
        },
        tidy: withoutTheirs,
      },
      removed: refusedByAws('a private zone keeps one VPC', 'LastVPCAssociation', (place) =>
        place.route53('DisassociateVPCFromHostedZone', { HostedZoneId: place.id(node), VPC: ourVpc(place) }),
      ),
      extra: {
        what: 'another VPC sees it too',
        make: async (place) =>
          place.route53('AssociateVPCWithHostedZone', { HostedZoneId: place.id(node), VPC: await theirVpc(place) }),
        ends: 'left',
        why: "who else may see a store's names is for the owner of the other VPC to say",
        tidy: withoutTheirs,
      },
    },
    records: {
      changed: changed('every answer leads elsewhere', (ResourceRecordSet) => [
        {
          Action: 'UPSERT',
          ResourceRecordSet: { ...ResourceRecordSet, ResourceRecords: [{ Value: 'elsewhere.example.com' }] },
        },
      ]),
      removed: changed('the replica is no answer any more', (ResourceRecordSet) =>
        ResourceRecordSet.Weight === 0 ? [] : [{ Action: 'DELETE', ResourceRecordSet }],
      ),
      extra: changed(
        'one more answer, of somebody else',
        (ResourceRecordSet) =>
          ResourceRecordSet.Weight === 0
            ? []
            : [
                {
                  Action: 'CREATE',
                  ResourceRecordSet: {
                    ...{ ...ResourceRecordSet, SetIdentifier: 'theirs' },
                    ResourceRecords: [{ Value: 'elsewhere.example.com' }],
                  },
                },
              ],
        { destroys: ['route53/record-set'] },
      ),
    },
  },
  deleted: {
    what: 'its records go first',
    make: async (place) => {
      const Changes = (await standing(place)).map((one): Change => ({ Action: 'DELETE', ResourceRecordSet: one }));
      await batch(place, Changes);
      await place.route53('DeleteHostedZone', { Id: place.id(node) });
    },
    awsMinutes: 1,
    writes: 3,
  },
});

async function withoutTheirs(place: Place): Promise<void> {
  const HostedZoneId = place.id(node);
  const { VPCs = [] } = await place.route53('GetHostedZone', { Id: HostedZoneId });
  for (const VPC of VPCs.filter(({ VPCId }) => VPCId !== place.id('network/vpc'))) {
    await place.route53('DisassociateVPCFromHostedZone', { HostedZoneId, VPC });
    await place.ec2('DeleteVpc', { VpcId: VPC.VPCId });
  }
}
