import { asFault, type Fault } from '../model/faults.ts';
import type { AnyLookupType } from '../model/resource-type.ts';
import type { InventoryOptions } from './inventory.ts';
import { regionOf } from './places.ts';

interface Answer {
  readonly value?: object;
  readonly fault?: Fault;
  readonly at: number;
}

/** What was asked of AWS that is nobody's resource: an answer is shared by all stores that ask the same. */
export class Lookups {
  readonly #options: InventoryOptions;
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Map<string, Promise<Answer>>();

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  /** Throws the fault of an answer that is one. It is asked anew on the settings beat, slowly after a fault. */
  async ask(type: AnyLookupType, region: string, props: object, fresh: boolean): Promise<object> {
    const place = regionOf(type, region);
    const key = `${type.name}@${place}\n${JSON.stringify(props)}`;
    const known = this.#answers.get(key);
    const { beats, slowly } = this.#options.settings;
    const age = known ? this.#options.clock.now() - known.at : Infinity;
    const answer =
      known && !fresh && age < (known.fault ? slowly[0] : beats.settings)
        ? known
        : await this.#ask(key, type, place, props);
    if (answer.fault) throw answer.fault;
    return answer.value as object;
  }

  async #ask(key: string, type: AnyLookupType, region: string, props: object): Promise<Answer> {
    const running = this.#asking.get(key);
    if (running) return running;
    const { clock, cloud } = this.#options;
    const at = clock.now();
    const asked = (type.lookup(cloud.at(region, 'heal'), props) as Promise<object>).then(
      (value): Answer => ({ value, at }),
      (error: unknown): Answer => ({ fault: asFault(error), at }),
    );
    this.#asking.set(key, asked);
    const answer = await asked;
    this.#asking.delete(key);
    this.#answers.set(key, answer);
    const { fault } = answer;
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
}
