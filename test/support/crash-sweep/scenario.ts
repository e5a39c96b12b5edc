import type { StoreHandle, VirtualOperator } from '../virtual-operator.ts';
import type { Consent } from './data.ts';

/** One thing that happens to a store, until all is calm again. Then it is compared with the undisturbed run. */
export interface Step {
  readonly name: string;
  /** What the user has said may become of data, from this step on; nothing may when left out. */
  readonly consent?: Consent;
  /** Answers the store when it makes one. */
  readonly act: (world: VirtualOperator, store: StoreHandle | undefined) => Promise<StoreHandle | void>;
}

/** Something that a store goes through, and what went before it. */
export interface Scenario {
  readonly name: string;
  /** Nothing is disturbed here, and nothing lags. */
  before?(world: VirtualOperator): Promise<StoreHandle>;
  /** Every write of these is disturbed once in every way. */
  readonly steps: readonly Step[];
  /** The types of what is left of the store in the end, where it is deleted. */
  readonly leaves?: readonly string[];
}
