import { seedCertificate } from '../../simulator/aws/acm/certificates.ts';
import { homeRegion } from '../../simulator/account.ts';
import type { World } from '../../simulator/aws/core/world.ts';
import type { Service } from '../../operator/model/operations.ts';
import type { Input, Output } from '../../operator/model/ports.ts';
import type { NodeId } from '../../operator/model/ref.ts';
import type { Verdict } from '../../operator/model/verdict.ts';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { giveDataVolume } from '../support/data-volume.ts';
import { VirtualWorld, type VirtualStore } from '../support/virtual-world.ts';

/** The stores in which drift is made. */
const places = {
  production: { file: 'examples/production.yaml' },
  notifications: { file: 'examples/notifications.yaml' },
  minimal: { file: 'examples/minimal.yaml' },
  mysql: { file: 'examples/mysql.yaml' },
  memcached: { file: 'examples/memcached.yaml' },
  redis: {
    file: 'examples/minimal.yaml',
    change: (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
      ...spec,
      cache: { engine: 'redis', parameters: { 'maxmemory-policy': 'allkeys-lru' } },
    }),
  },
  edge: {
    file: 'examples/minimal.yaml',
    change: (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
      ...spec,
      content: {
        cors: [{ origins: ['https://shop.example.com'] }],
        lifecycle: { expire: [{ prefix: 'tmp/', days: 1 }] },
      },
      cdn: { errorPages: [{ errorCode: 503, path: '/static/sorry.html' }] },
    }),
  },
  /** The image has a data volume that its maker did not say ends with the instance. */
  'data volume': {
    file: 'examples/minimal.yaml',
    furnish: giveDataVolume,
  },
  'own zone': {
    file: 'examples/minimal.yaml',
    change: (spec: EcomStoreManifestSpec): EcomStoreManifestSpec => ({
      ...spec,
      domain: { host: 'shop.example.org', zone: 'example.org', createZone: true },
    }),
  },
} as const;
export type PlaceName = keyof typeof places;

/** A certificate of somebody's that covers the host of the examples: it could be put on the listener. */
export const strangersCertificate = `arn:aws:acm:${homeRegion}:111122223333:certificate/22222222-2222-2222-2222-222222222222`;

/** A whole store in a virtual world, and somebody else who calls AWS beside its operator. */
export class Place {
  readonly world = new VirtualWorld();
  readonly store: VirtualStore;
  #outputs: Verdict['outputs'] = new Map();

  private constructor(name: PlaceName) {
    const place: {
      file: string;
      change?: (spec: EcomStoreManifestSpec) => EcomStoreManifestSpec;
      furnish?: (world: World) => void;
    } = places[name];
    const { world } = this.world.aws;
    world.furnish(() => {
      seedCertificate(world, homeRegion, {
        arn: strangersCertificate,
        domain: 'shop.example.com',
        names: ['flagship.example.com', 'shop.example.com', 'www.example.com', 'example.com'],
      });
      place.furnish?.(world);
    });
    this.store = this.world.add(place.file, place.change);
  }

  /** Builds the store to the end. */
  static async at(name: PlaceName): Promise<Place> {
    const place = new Place(name);
    const { outputs } = await place.world.settle(place.store);
    place.#outputs = outputs;
    return place;
  }

  id(node: string): string {
    return this.world.idOf(this.store, node);
  }

  ids(...nodes: string[]): string[] {
    return nodes.map((node) => this.id(node));
  }

  /** An output of a node, as it was when the store had been built. */
  out(node: string, output: string): string {
    const told = this.#outputs.get(node as NodeId)?.[output];
    if (typeof told !== 'string') throw new Error(`no ${output} of ${node} was told`);
    return told;
  }

  /** Somebody calls AWS, in the SDK's own types. */
  call<S extends Service>(service: S) {
    return async <O extends string>(operation: O, input: Input<S, O>): Promise<Output<S, O>> =>
      this.world.other<Output<S, O>>(service, operation, input as object);
  }

  readonly ec2 = this.call('ec2');
  readonly elbv2 = this.call('elbv2');
  readonly iam = this.call('iam');
  readonly autoscaling = this.call('autoscaling');
  readonly route53 = this.call('route53');
  readonly acm = this.call('acm');
  readonly ssm = this.call('ssm');
  readonly logs = this.call('logs');
  readonly rds = this.call('rds');

  /** Time passes, with a pass whenever one is due, until something holds. Answers how long it took. */
  async until(holds: () => boolean, mostMillis: number): Promise<number | undefined> {
    const { world, store } = this;
    const began = world.clock.now();
    for (;;) {
      const verdict = await world.pass(store);
      if (holds()) return world.clock.now() - began;
      const due = Math.min(verdict.wakeAt, world.engine.inventory.nextDue());
      const pause = Math.max(200, due - world.clock.now());
      if (world.clock.now() + pause - began > mostMillis) {
        world.clock.advance(Math.max(0, began + mostMillis - world.clock.now()));
        await world.pass(store);
        return holds() ? world.clock.now() - began : undefined;
      }
      world.clock.advance(pause);
    }
  }
}
