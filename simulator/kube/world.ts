import type { SimulatedClock } from '../clock.ts';
import { Random } from '../random.ts';
import { builtInKinds, coreEvents, crds, namespaces } from './built-in.ts';
import { kindsOf } from './crd/definition.ts';
import type { Kind } from './kind.ts';
import { timestamp, type KubeObject } from './object.ts';
import { Storage } from './storage.ts';

const eventLifeMillis = 3_600_000;

/** All that the API server knows: what is stored, which kinds there are, what time it is. */
export class World {
  readonly storage = new Storage();
  readonly clock: SimulatedClock;
  readonly random: Random;
  #kinds: readonly Kind[] = builtInKinds;
  /** When the events were last looked through for old ones. */
  #eventsSeen = 0;

  constructor(clock: SimulatedClock, seed: number) {
    this.clock = clock;
    this.random = new Random(seed);
    this.storage.listen(({ collection }) => {
      if (collection === crds.collection) this.#readKinds();
    });
    for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
      this.storage.put(
        namespaces.collection,
        name,
        namespaces.complete?.({ apiVersion: 'v1', kind: 'Namespace', metadata: this.born({ name }) }) as KubeObject,
      );
  }

  get kinds(): readonly Kind[] {
    return this.#kinds;
  }

  kind(group: string, version: string, plural: string): Kind | undefined {
    return this.#kinds.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);
  }

  now(): string {
    return timestamp(this.clock.now());
  }

  uid(): string {
    const hex = this.random.hex(32);
    const variant = '89ab'[this.random.below(4)];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** The metadata of a new object. */
  born(given: Partial<KubeObject['metadata']>): KubeObject['metadata'] {
    const { generateName } = given;
    // Letters and digits that make no words: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go
    const name = given.name || (generateName ? generateName + this.random.text('bcdfghjklmnpqrstvwxz2456789', 5) : '');
    return { ...given, name, uid: this.uid(), creationTimestamp: this.now(), resourceVersion: '' };
  }

  /** Events live for an hour, as in a cluster that was not told otherwise (--event-ttl). */
  forgetOldEvents(): void {
    const now = this.clock.now();
    if (now - this.#eventsSeen < eventLifeMillis / 60) return;
    this.#eventsSeen = now;
    for (const [key, { metadata }] of this.storage.at(coreEvents.collection))
      if (now - Date.parse(metadata.creationTimestamp) > eventLifeMillis)
        this.storage.remove(coreEvents.collection, key);
  }

  #readKinds(): void {
    const installed = [...this.storage.at(crds.collection).values()];
    this.#kinds = [...builtInKinds, ...installed.flatMap(kindsOf)];
  }
}
