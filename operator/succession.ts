import type { Inventory } from './engine/inventory.ts';
import { isRegional } from './engine/places.ts';
import { Fault } from './model/faults.ts';
import { tagKeys } from './model/identity.ts';
import { takeOverAnnotation } from './store/spec.ts';

/** What is known of a store that may go on with what an earlier one of its name has in AWS. */
export interface Claim {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly region: string;
  /** The UID that the annotation names. */
  readonly asked: string | undefined;
  /** The UID that status says the store goes on as. */
  readonly granted: string | undefined;
}

/**
 * Which stores go on as earlier ones of their name: an object that is made anew (a lost cluster, a backup of manifests) has
 * another UID than the owner tags of what runs. Nothing in AWS is changed for it: from then on the store's tags, names and
 * tokens are those of the earlier UID.
 */
export class Successions {
  readonly #inventory: Inventory;
  /** By the UID of what is taken over, the UID of the object. */
  readonly #heirs = new Map<string, string>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /**
   * The UID in the tags of what the store has; undefined until AWS was read. Throws a fault when what the annotation names
   * cannot be the store's. It is believed when all that carries the UID was made for a store of this very name: then the
   * object that had it is gone from this cluster, because there is one object of a name.
   */
  uidFor(claim: Claim): string | undefined {
    const { uid, asked, granted } = claim;
    const earlier = granted ?? asked;
    if (earlier === undefined || earlier === uid) return uid;
    if (granted !== undefined && asked !== undefined && asked !== granted && asked !== uid)
      throw refused(
        `the store has taken over what ${granted} had, and cannot take over what ${asked} has`,
        another(claim),
      );
    if (granted === undefined && !this.#isRead(claim)) return undefined;
    const owned = this.#inventory.ownedBy(earlier);
    const isOfOther = owned.some(
      ({ entry: { found } }) => found.owner?.namespace !== claim.namespace || found.owner.name !== claim.name,
    );
    if (isOfOther)
      throw refused(`what carries the UID ${earlier} is not all of an earlier store of this name`, another(claim));
    if (granted === undefined) this.#admit(claim, earlier, owned);
    if (this.#heirs.get(earlier) !== uid) {
      this.#heirs.set(earlier, uid);
      this.#inventory.forget(uid);
    }
    return earlier;
  }

  /** The UIDs of the objects whose resources carry these. */
  objectsOf(uids: ReadonlySet<string>): Set<string> {
    return new Set([...uids].map((uid) => this.#heirs.get(uid) ?? uid));
  }

  /** The store has left the cluster. */
  forget(uid: string): void {
    this.#inventory.forget(uid);
    for (const [earlier, heir] of this.#heirs)
      if (heir === uid) {
        this.#heirs.delete(earlier);
        this.#inventory.forget(earlier);
      }
  }

  #isRead({ uid, region }: Claim): boolean {
    this.#inventory.watch(uid, region);
    return this.#inventory.unread(uid).length === 0;
  }

  #admit(claim: Claim, earlier: string, owned: ReturnType<Inventory['ownedBy']>): void {
    const isHere = owned.some(({ shelf: { type, region } }) => isRegional(type) && region === claim.region);
    if (!isHere) throw refused(`nothing in ${claim.region} carries the UID ${earlier}`, another(claim));
    const [own] = this.#inventory.ownedBy(claim.uid);
    if (own) throw refused(`${own.entry.found.id} was made for this store already`, fromTheStart);
  }
}

const refused = (why: string, remedy: string): Fault =>
  new Fault('refused', `${takeOverAnnotation}: ${why}`, { remedy });

const another = ({ namespace, name, uid }: Claim): string =>
  `give it the value of the tag ${tagKeys.uid} of what an earlier store ${namespace}/${name} has, or take it away: kubectl annotate store -n ${namespace} ${name} ${takeOverAnnotation}- (this store's own UID is ${uid})`;

const fromTheStart =
  'delete the store, with policy.deletion Retain, and apply it anew with the annotation from the start';
