import type { AnyResourceType } from '../model/resource-type.ts';
import type { Settings } from './settings.ts';

/**
 * How old what we know of one property may be at the most, in milliseconds: drift of it is seen within this time. It is
 * the beat of the type's list, or that of its details where only they tell the property.
 */
export const staleness = (type: AnyResourceType, property: string, { beats }: Settings): number =>
  type.detailed?.includes(property) ? beats.settings : beats[type.beat];

/** The same while something else makes the property harmless, where its type knows of such a thing. */
export const shieldedStaleness = (type: AnyResourceType, property: string, { beats }: Settings): number | undefined =>
  type.shielded?.props.includes(property) ? beats.settings : undefined;

/**
 * How long it takes at the most until something that vanished is believed to be gone: the list lacks it, and lacks it
 * again a read lag later; between the two the list is asked for ever more slowly, up to half of the longest pause.
 */
export const timeToBelieveAbsence = (type: AnyResourceType, { beats, readLag, soon }: Settings): number =>
  beats[type.beat] + readLag + soon[1] / 2;
