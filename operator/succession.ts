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
  /** It is being deleted: what it has of its own is less and less. */
  readonly isLeaving: boolean;
  /** The UID that status says the store goes on as. */
  readonly granted: string | undefined;
}

/** Which store this one is in AWS. */
export interface Succession {
  /** The UID in the tags of what it has; undefined until AWS was read. */
  readonly uid: string | undefined;
  /** Why it does not take over what the annotation names, though it goes on as what it is. */
  readonly refused?: Fault;
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
   * Which store this one is in AWS. Throws a fault when what the annotation names cannot be the store's and the store has
   * nothing yet. It is believed when all that carries the UID was made for a store of this very name: then the object that
   * had it is gone from this cluster, because there is one object of a name.
   */
  of(claim: Claim): Succession {
    const { uid, asked, granted } = claim;
    if (granted !== undefined && granted !== uid) return this.#stays(claim, granted);
    if (granted === uid || asked === undefined || asked === uid) return { uid };
    if (!this.#isRead(claim)) return { uid: undefined };
    const [own] = this.#inventory.ownedBy(uid);
    const not = this.#ofOther(claim, asked) ?? this.#absent(claim, asked);
    if (not && (own || claim.isLeaving)) return { uid, refused: not };
    if (not) throw not;
    if (own) throw refused(`${own.entry.found.id} was made for this store already`, fromTheStart);
    return { uid: this.#inherited(uid, asked) };
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

  /** It goes on as the one whose things it has, whatever the annotation says since. */
  #stays(claim: Claim, granted: string): Succession {
    const not = this.#ofOther(claim, granted);
    if (not) throw not;
    const uid = this.#inherited(claim.uid, granted);
    const { asked = uid } = claim;
    if (asked === uid || asked === claim.uid) return { uid };
    const why = `the store has taken over what ${granted} had, and cannot take over what ${asked} has`;
    return { uid, refused: refused(why, another(claim)) };
  }

  #inherited(uid: string, earlier: string): string {
    if (this.#heirs.get(earlier) !== uid) {
      this.#heirs.set(earlier, uid);
      this.#inventory.forget(uid);
    }
    return earlier;
  }

  #isRead({ uid, region }: Claim): boolean {
    this.#inventory.watch(uid, region);
    return this.#inventory.unread(uid).length === 0;
  }

  #ofOther(claim: Claim, earlier: string): Fault | undefined {
    const isOfOther = this.#inventory
      .ownedBy(earlier)
      .some(({ entry: { found } }) => found.owner?.namespace !== claim.namespace || found.owner.name !== claim.name);
    const why = `what carries the UID ${earlier} is not all of an earlier store of this name`;
    return isOfOther ? refused(why, another(claim)) : undefined;
  }

  #absent(claim: Claim, earlier: string): Fault | undefined {
    const isHere = this.#inventory
      .ownedBy(earlier)
      .some(({ shelf: { type, region } }) => isRegional(type) && region === claim.region);
    return isHere ? undefined : refused(`nothing in ${claim.region} carries the UID ${earlier}`, another(claim));
  }
}

const refused = (why: string, remedy: string): Fault =>
  new Fault('refused', `${takeOverAnnotation}: ${why}`, { remedy });

const another = ({ namespace, name, uid }: Claim): string =>
  `give it the value of the tag ${tagKeys.uid} of what an earlier store ${namespace}/${name} has, or take it away: kubectl annotate store -n ${namespace} ${name} ${takeOverAnnotation}- (this store's own UID is ${uid})`;

const fromTheStart =
  'delete the store, with policy.deletion Retain, and apply it anew with the annotation from the start';
