import type { Random } from '../../../simulator/random.ts';
import type { Mix } from './mix.ts';

/** Something that happens at a moment of a history. */
export type Deed =
  | 'edit'
  | 'refused-edit'
  | 'annotate'
  | 'delete'
  | 'make-anew'
  | 'delete-namespace'
  | 'pause'
  | 'annotate-namespace'
  | 'sign-up'
  | 'meddle'
  | 'strip-tags'
  | 'deny'
  | 'exhaust'
  | 'second-leader'
  | 'clock-jump'
  | 'drop-watches'
  | 'compact'
  | 'go-away'
  | 'refuse'
  | 'kill';

export interface Planned {
  readonly at: number;
  readonly deed: Deed;
}

/** What users do, by how often. */
const ofUsers: readonly Deed[] = [
  ...Array.from({ length: 8 }, () => 'edit' as const),
  ...(['refused-edit', 'annotate', 'delete', 'make-anew', 'make-anew', 'pause', 'annotate-namespace'] as const),
  'delete-namespace',
  'sign-up',
];

/** When everything of a mix happens, in order: mostly while the stores are being built, some of it after that. */
export function drawPlan(random: Random, mix: Mix): Planned[] {
  const lengthMillis = (4 + random.below(26)) * 60_000;
  const moment = (): number => random.below(lengthMillis);
  const some = (count: number, deed: () => Deed): Planned[] =>
    Array.from({ length: count }, () => ({ at: moment(), deed: deed() }));
  return [
    ...some(mix.users, () => ofUsers[random.below(ofUsers.length)] as Deed),
    ...some(mix.strangers, () => (random.below(4) === 0 ? 'strip-tags' : 'meddle')),
    ...some(mix.denied, () => 'deny'),
    ...some(mix.exhausted, () => 'exhaust'),
    ...some(mix.seconds, () => 'second-leader'),
    ...some(mix.jumps, () => 'clock-jump'),
    ...some(mix.dropped, () => 'drop-watches'),
    ...some(mix.compacted, () => 'compact'),
    ...some(mix.away, () => 'go-away'),
    ...some(mix.refused, () => 'refuse'),
    ...some(random.below(10) === 0 ? 2 : 0, () => 'kill'),
  ].sort((a, b) => a.at - b.at);
}
