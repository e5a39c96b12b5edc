import type { TagMap } from '../core/tags.ts';
import type { Kind } from '../core/world.ts';

/** Every EC2 object carries its tags, and is known by its id. */
export interface Tagged {
  readonly id: string;
  readonly tags: TagMap;
}

/** A kind of EC2 object; `dollarsPerHour` where its existence costs something. */
export const kind = <T extends Tagged>(type: string, more: Partial<Kind<T>> = {}): Kind<T> => ({
  type: `ec2/${type}`,
  tags: ({ tags }) => tags,
  ...more,
});
