import { expect, test } from 'vitest';
import { join, resolve, type Ref, type Wanted } from '../../operator/model/ref.ts';

const ref = (output: string, more: object = {}): Ref<string> => ({ $ref: 'database/replica', output, ...more });
const answering =
  (outputs: Readonly<Record<string, string>>) =>
  ({ output }: Ref) =>
    outputs[output];

test('what may be missing leaves the list it stands in without its element, and nothing waits for it', () => {
  const wanted: Wanted<{ hosts: { host: string; weight: number }[] }> = {
    hosts: [
      { host: 'primary', weight: 0 },
      { host: ref('endpoint', { ifThere: true }), weight: 1 },
    ],
  };
  expect(resolve(wanted, answering({}))).toEqual({ value: { hosts: [{ host: 'primary', weight: 0 }] } });
  const there = { host: 'replica', weight: 1 };
  expect(resolve(wanted, answering({ endpoint: 'replica' }))).toEqual({
    value: { hosts: [{ host: 'primary', weight: 0 }, there] },
  });
});

test('an element that also refers to what must be there is waited for', () => {
  const must = ref('zone');
  const wanted: Wanted<string[][]> = [[must, ref('endpoint')]];
  expect(resolve(wanted, answering({ endpoint: 'replica' }))).toEqual({ waitsFor: must });
});

test('what may be missing has to stand in a list', () => {
  const wanted: Wanted<{ host: string }> = { host: ref('endpoint', { ifThere: true }) };
  expect(() => resolve(wanted, answering({}))).toThrow('stands in no list');
});

test('a string of parts waits for each of them', () => {
  expect(resolve(join`reader.${ref('zone')}`, answering({ zone: 'acme' }))).toEqual({ value: 'reader.acme' });
  expect(resolve(join`reader.${ref('zone')}`, answering({}))).toEqual({ waitsFor: ref('zone') });
});
