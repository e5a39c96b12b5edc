import { asFault, reactionTo, type Fault } from '../model/faults.ts';
import type { Terms } from '../model/ports.ts';
import type { AnyLookupType } from '../model/resource-type.ts';
import type { InventoryOptions } from './inventory.ts';
import { regionOf } from './places.ts';

interface Answer {
  readonly value?: object;
  readonly fault?: Fault;
  /** When AWS told it; of a fault, when AWS was asked. */
  readonly at: number;
  /** When it is asked anew. */
  readonly dueAt: number;
  /** When anybody last wanted it. */
  wantedAt: number;
}

/** What was asked of AWS that is nobody's resource: an answer is shared by all stores that ask the same. */
export class Lookups {
  readonly #options: InventoryOptions;
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Map<string, Promise<Answer>>();

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  /** How many answers are kept. */
  get kept(): number {
    return this.#answers.size;
  }

  /**
   * Throws the fault of an answer that is one. It is asked anew on the settings beat, slowly after a fault. Where AWS does
   * not answer for a moment, what it told last holds for three beats, as with lists: all stores of a region share it.
   */
  async ask(type: AnyLookupType, region: string, props: object, fresh: boolean): Promise<object> {
    const place = regionOf(type, region);
    const key = `${type.name}@${place}\n${JSON.stringify(props)}`;
    const known = this.#answers.get(key);
    const isDue = known === undefined || fresh || this.#options.clock.now() >= known.dueAt;
    const answer = isDue ? await this.#ask(key, type, place, props) : known;
    answer.wantedAt = this.#options.clock.now();
    if (answer.fault) throw answer.fault;
    return answer.value as object;
  }

  async #ask(key: string, type: AnyLookupType, region: string, props: object): Promise<Answer> {
    const running = this.#asking.get(key);
    if (running) return running;
    const { clock, cloud, settings } = this.#options;
    const at = clock.now();
    // A pass waits for it, and a worker for the pass: its turn comes as soon as one of the pass's own calls, or not at all.
    const terms: Terms = { patience: () => Math.max(0, at + settings.turns - clock.now()), ask: () => undefined };
    let fault: Fault | undefined;
    const asked = (type.lookup(cloud.at(region, 'heal', terms), props) as Promise<object>).then(
      (value): Answer => ({ value, at, dueAt: at + settings.beats.settings, wantedAt: at }),
      (error: unknown): Answer => {
        fault = asFault(error);
        const known = this.#answers.get(key);
        const holds =
          reactionTo(fault.kind) !== 'slowly' && at - (known?.at ?? -Infinity) <= beats * settings.beats.settings;
        if (known?.value && holds) return { ...known, dueAt: at + settings.soon[1] };
        return { fault, at, dueAt: at + settings.slowly[0], wantedAt: at };
      },
    );
    this.#asking.set(key, asked);
    const answer = await asked;
    this.#asking.delete(key);
    this.#dropUnwanted();
    this.#answers.set(key, answer);
    this.#options.observe?.({
      kind: 'lookup',
      type: type.name,
      region,
      found: fault ? 0 : 1,
      millis: clock.now() - at,
      fault,
    });
    return answer;
  }

  /** A store asks on every settings beat: what nobody has asked for longer is of stores that are gone, or ask otherwise now. */
  #dropUnwanted(): void {
    const { clock, settings } = this.#options;
    const since = clock.now() - beats * settings.beats.settings;
    for (const [key, { wantedAt }] of this.#answers) if (wantedAt < since) this.#answers.delete(key);
  }
}

/** For how many settings beats an answer holds that AWS does not tell anew, or that nobody wants. */
const beats = 3;
