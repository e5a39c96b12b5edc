import { expect, test } from 'vitest';
import { Shelf, type Entry, type ErasedFound } from '../../operator/engine/shelf.ts';
import { ToyCloud, toyType } from '../support/toy-cloud.ts';

const readLag = 60_000;

const anEmptyShelf = (): Shelf =>
  new Shelf(toyType(new ToyCloud({ now: () => 0 }), 'toy/house'), 'eu-central-1', readLag);

const house: ErasedFound = {
  ...{ id: 'house-1', owner: undefined, state: { is: 'ready' } },
  ...{ props: {}, outputs: {} },
};

/** What a list has told the shelf of a house. */
function listed(shelf: Shelf, found: ErasedFound): Entry {
  shelf.list([found], 0, 0);
  const entry = shelf.get(found.id);
  if (!entry) throw new Error('the list was not taken in');
  return entry;
}

test('what we deleted does not come back by a list that lags, once AWS was seen to lack it', () => {
  const shelf = anEmptyShelf();
  const entry = listed(shelf, house);
  shelf.deleted(entry, 1_000);
  shelf.detail('house-1', undefined, 2_000);
  expect(shelf.get('house-1')).toBeUndefined();
  shelf.list([house], 3_000, 3_000);
  expect(shelf.get('house-1')).toBeUndefined();
  shelf.list([house], 1_000 + readLag, 1_000 + readLag);
  expect(shelf.get('house-1')).toBeDefined();
});

test('what we deleted a moment after we made it is not gone because lists do not tell it yet', () => {
  const shelf = anEmptyShelf();
  shelf.deleted(shelf.created(house, 0), 1_000);
  shelf.list([], 2_000, 2_000);
  expect(shelf.get('house-1')?.found.state.is).toBe('deleting');
  // The deletion had not found it either.
  shelf.list([house], 1_000 + readLag, 1_000 + readLag);
  expect(shelf.get('house-1')?.found.state.is).toBe('ready');
});

test('what we deleted stays so while details, which may be told of anything, still tell it', () => {
  const shelf = anEmptyShelf();
  const entry = listed(shelf, house);
  shelf.deleted(entry, 1_000);
  shelf.detail('house-1', { props: { size: 2 } }, 2_000);
  expect(entry.found.state).toEqual({ is: 'deleting', reason: 'deletion was requested' });
});

test.each(['deleted', 'updated'] as const)(
  'what a list has found gone while it was being %s is nobody’s any more',
  (how) => {
    const shelf = anEmptyShelf();
    const owner = {
      ...{ installation: 'default', namespace: 'shops', name: 'acme', uid: 'one' },
      node: 'net/house' as const,
    };
    const entry = listed(shelf, { ...house, owner, key: 'house' });
    for (const begun of [1_000, 1_000 + readLag]) shelf.list([], begun, begun);
    if (how === 'deleted') shelf.deleted(entry, 2_000 + readLag);
    else shelf.updated(entry, { size: 3 }, 2_000 + readLag);
    expect(shelf.ofStore('one')).toEqual([]);
    expect(shelf.withKey('house')).toBeUndefined();
  },
);

test('the outputs that a change has given stand until readings know of the change', () => {
  const shelf = anEmptyShelf();
  const told = (size: number, version: string): ErasedFound => ({
    ...{ id: 'house-1', owner: undefined, state: { is: 'ready' } },
    ...{ props: { size }, outputs: { version } },
  });
  const entry = listed(shelf, told(1, '1'));
  shelf.updated(entry, { size: 2 }, 1_000, { version: '2' });
  expect(entry.found.outputs).toEqual({ version: '2' });
  shelf.list([told(1, '1')], 2_000, 2_000);
  expect(entry.found).toMatchObject({ props: { size: 2 }, outputs: { version: '2' } });
  shelf.list([told(1, '3')], 1_000 + readLag, 1_000 + readLag);
  expect(entry.found).toMatchObject({ props: { size: 1 }, outputs: { version: '3' } });
});

test('what has no owner tags yet stays known as such until they are written', () => {
  const shelf = anEmptyShelf();
  const owner = {
    ...{ installation: 'default', namespace: 'shops', name: 'acme', uid: 'uid-acme' },
    node: 'net/house' as const,
  };
  const told: ErasedFound = {
    ...{ id: 'house-1', owner, state: { is: 'ready' } },
    ...{ props: {}, outputs: {} },
  };
  shelf.list([{ ...told, unmarked: true }], 0, 0);
  shelf.list([told], 1_000, 1_000);
  const entry = shelf.get('house-1');
  expect(entry?.found.unmarked).toBe(true);
  if (entry) shelf.reowned(entry, owner);
  shelf.list([told], 2_000, 2_000);
  expect(entry?.found.unmarked).toBeUndefined();
});

test('a list that was begun before a reading by name, and ends after it, tells of the past', () => {
  const shelf = anEmptyShelf();
  const told = (size: number): ErasedFound => ({ ...house, props: { size } });
  const entry = listed(shelf, told(1));
  shelf.updated(entry, { size: 2 }, 101_000);
  shelf.named(new Set(['house-1']), [told(2)], 103_000);
  shelf.list([told(1)], 100_000, 110_000);
  expect(entry).toMatchObject({ found: { props: { size: 2 } }, listedAt: 103_000 });
  // Nor does it miss what the younger one has seen, or see what that one misses.
  shelf.list([], 102_000, 111_000);
  expect(entry.missingSince).toBeUndefined();
  shelf.named(new Set(['house-1']), [], 120_000);
  shelf.list([told(1)], 115_000, 121_000);
  expect(entry.missingSince).toBe(120_000);
});

test('details that were begun before others, and come after them, tell of the past', () => {
  const shelf = anEmptyShelf();
  const entry = listed(shelf, house);
  shelf.detail('house-1', { props: { size: 2 } }, 3_000, new Set(['size']));
  shelf.detail('house-1', { props: { size: 1 } }, 2_000);
  shelf.detail('house-1', undefined, 1_000);
  expect(entry).toMatchObject({ found: { props: { size: 2 } }, missingSince: undefined });
});
