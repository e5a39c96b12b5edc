import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { homeRegion } from '../../simulator/account.ts';
import { describeJudged, type Judge } from './judge.ts';
import { judgeAlong, told } from './judged.ts';
import { nag } from './nag.ts';
import { statesOf } from './states.ts';
import { cloudFormationValidate, controlTower } from './validator.ts';
import { readWaivers, Waivers } from './waivers.ts';

const examples = readdirSync('examples', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join('examples', file))
  // What a store adopts another has built before, and as complete.yaml does.
  .filter((file) => file !== 'examples/adopt.yaml')
  .filter((file) => /^kind: EcomStore$/m.test(readFileSync(file, 'utf8')))
  .sort();

type Spec = EcomStoreManifestSpec;

/** What no example has. */
const variants: readonly (readonly [title: string, file: string, change: (spec: Spec) => Spec])[] = [
  ['a cache of valkey', 'examples/minimal.yaml', (spec) => ({ ...spec, cache: { engine: 'valkey' } })],
  ['a cache of redis', 'examples/minimal.yaml', (spec) => ({ ...spec, cache: { engine: 'redis' } })],
];

const stores = [...examples.map((file) => [file, file, undefined] as const), ...variants];

describeJudged('judges that nobody here wrote', () => {
  const waivers = new Waivers(readWaivers());
  let quick: readonly Judge[];
  let controls: Judge;

  beforeAll(() => {
    quick = [cloudFormationValidate(homeRegion), nag()];
    controls = controlTower(homeRegion);
  }, 60_000);

  test.each(stores)(
    '%s: no finding in any state of it that is not waived',
    async (title, file, change) => {
      const { states, final } = await statesOf(file, change);
      expect(states.length).toBeGreaterThan(20);
      let along: string[] = [];
      for (const { after, template, findings } of judgeAlong([...states, { after: 'all', template: final }], quick)) {
        expect(told(waivers.unwaived(findings, template, title)), `after ${after}`).toEqual([]);
        along = told(findings);
      }
      // Control Tower's rules take a seventh of a second for a state of any size: they judge what comes out.
      const [whole, more] = [quick, [controls]].map((judges) => judges.flatMap((judge) => judge.judge(final)));
      expect(told(waivers.unwaived(more ?? [], final, title)), 'in the end').toEqual([]);
      // To judge what each write changed has come to the same as to judge the whole.
      expect(along.sort()).toEqual(told(whole ?? []).sort());
    },
    120_000,
  );

  test('every waiver is needed', () => expect(waivers.unused()).toEqual([]));

  // The one test that reads the real clock: a waiver is a promise to think again at a date.
  test('no waiver has expired', () => expect(waivers.expired(new Date())).toEqual([]));
});
