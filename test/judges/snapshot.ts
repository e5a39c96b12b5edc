import type { VirtualWorld } from '../support/virtual-world.ts';

interface Made {
  readonly Vpc?: { readonly VpcId: string };
  readonly Subnet?: { readonly SubnetId: string };
}

const places = [
  ['eu-central-1a', '10.99.0.0/24'],
  ['eu-central-1b', '10.99.1.0/24'],
] as const;

function wait(world: VirtualWorld): void {
  world.clock.advance(60 * 60_000);
  world.aws.world.settle();
}

/** There was a database once, and nothing is left of it and of its network but the snapshot that it ended with. */
export async function leaveSnapshot(world: VirtualWorld, FinalDBSnapshotIdentifier: string): Promise<void> {
  const ec2 = async (operation: string, input: object) => (await world.other('ec2', operation, input)) as Made;
  const VpcId = (await ec2('CreateVpc', { CidrBlock: '10.99.0.0/16' })).Vpc?.VpcId;
  const subnets: (string | undefined)[] = [];
  for (const [AvailabilityZone, CidrBlock] of places)
    subnets.push((await ec2('CreateSubnet', { VpcId, AvailabilityZone, CidrBlock })).Subnet?.SubnetId);
  const DBSubnetGroupName = 'before';
  const DBInstanceIdentifier = 'before';
  await world.other('rds', 'CreateDBSubnetGroup', {
    ...{ DBSubnetGroupName, DBSubnetGroupDescription: 'before', SubnetIds: subnets },
  });
  await world.other('rds', 'CreateDBInstance', {
    ...{
      DBInstanceIdentifier,
      DBSubnetGroupName,
      Engine: 'postgres',
      EngineVersion: '16',
      DBInstanceClass: 'db.t4g.medium',
    },
    ...{ AllocatedStorage: 20, MasterUsername: 'shop', ManageMasterUserPassword: true, StorageEncrypted: true },
    // Of a store of the same namespace, or it would not be restored.
    ...{ CopyTagsToSnapshot: true, Tags: [{ Key: 'ecom.io/store', Value: 'shops/before' }] },
  });
  wait(world);
  await world.other('rds', 'DeleteDBInstance', { DBInstanceIdentifier, FinalDBSnapshotIdentifier });
  wait(world);
  await world.other('rds', 'DeleteDBSubnetGroup', { DBSubnetGroupName });
  for (const SubnetId of subnets) await ec2('DeleteSubnet', { SubnetId });
  await ec2('DeleteVpc', { VpcId });
}
