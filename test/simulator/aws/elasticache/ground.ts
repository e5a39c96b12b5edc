import { expect } from 'vitest';
import { createSimulatedAws, type SimulatedAws } from '../../../../simulator/aws/simulated-aws.ts';
import { VirtualClock } from '../../../../simulator/clock.ts';
import { callsTo } from '../../../support/simulated-calls.ts';
import { makeNetwork, type SimulatedNetwork } from '../../../support/simulated-network.ts';

export type Answer = Readonly<Record<string, unknown>>;

/** An account with a network and a subnet group `data` over two zones of it. */
export class CacheGround {
  readonly clock = new VirtualClock();
  readonly aws: SimulatedAws = createSimulatedAws({ clock: this.clock });
  network!: SimulatedNetwork;

  static async made(): Promise<CacheGround> {
    const ground = new CacheGround();
    ground.network = await makeNetwork(ground.aws);
    await ground.call('CreateCacheSubnetGroup', {
      ...{ CacheSubnetGroupName: 'data', CacheSubnetGroupDescription: 'data', SubnetIds: ground.network.subnetIds },
    });
    return ground;
  }

  call(operation: string, input: object = {}): Promise<Answer> {
    return callsTo(this.aws, 'elasticache')(operation as never, input as never) as Promise<unknown> as Promise<Answer>;
  }

  refused(operation: string, input: object, code: string, message = /./): Promise<void> {
    return expect(this.call(operation, input)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as unknown,
    });
  }

  /** A replication group of valkey with one replica, as it is once it has been made. */
  async valkey(more: object = {}): Promise<void> {
    await this.call('CreateReplicationGroup', { ...valkey, ...more });
    this.later();
  }

  later(millis = 900_000): void {
    this.clock.advance(millis);
    this.aws.world.settle();
  }
}

export const valkey = {
  ReplicationGroupId: 'shop',
  ReplicationGroupDescription: 'shop',
  Engine: 'valkey',
  EngineVersion: '8.0',
  CacheNodeType: 'cache.t4g.small',
  CacheSubnetGroupName: 'data',
  NumCacheClusters: 2,
  AutomaticFailoverEnabled: true,
  MultiAZEnabled: true,
  TransitEncryptionEnabled: true,
  AtRestEncryptionEnabled: true,
} as const;

export const iamUser = {
  ...{ UserId: 'shop', UserName: 'shop', Engine: 'valkey', AccessString: 'on ~* +@all' },
  AuthenticationMode: { Type: 'iam' },
} as const;
