import { expect, test } from 'vitest';
import { join, resolve, type Ref } from '../../operator/model/ref.ts';

const vpc: Ref<string> = { $ref: 'network/vpc', output: 'id' };

test('what has no refs in it is answered as it is: nothing is made of it in any pass', () => {
  const plain = { ports: [80, 443], tags: { a: 'b' } };
  expect(resolve(plain, () => undefined)).toEqual({ value: plain });
  expect((resolve(plain, () => undefined) as { value: unknown }).value).toBe(plain);
});

test('what has a ref deep inside is filled anew each time it is asked for', () => {
  const wanted = { groups: [{ vpcs: [vpc] }], name: join`in-${vpc}` };
  let id: string | undefined;
  expect(resolve(wanted, () => id)).toEqual({ waitsFor: vpc });
  for (id of ['vpc-1', 'vpc-2'])
    expect(resolve(wanted, () => id)).toEqual({ value: { groups: [{ vpcs: [id] }], name: `in-${id}` } });
});
