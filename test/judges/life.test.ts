import { beforeAll, expect, test } from 'vitest';
import { homeRegion } from '../../simulator/account.ts';
import { changesOfEverything, changesOfSmall } from './changes.ts';
import { describeJudged, type Finding, type Judge } from './judge.ts';
import { judgeAlong, told } from './judged.ts';
import { changing, healing, removing, type Moment } from './life.ts';
import { nag } from './nag.ts';
import { planted, plantedStore } from './planted.ts';
import type { Template } from './template/export.ts';
import { cloudFormationValidate, controlTower } from './validator.ts';
import { readWaivers, readWaiversInLife, Waivers } from './waivers.ts';

const everything = 'examples/everything.yaml';

const removals = [
  ['removed, and its data kept', 'Retain'],
  ['removed, and its data kept as snapshots', 'Snapshot'],
  ['removed, and its data with it', 'Delete'],
] as const;

describeJudged('judges of a store that is changed, healed and removed', () => {
  // Which of these are needed is seen where stores are built.
  const always = new Waivers(readWaivers());
  const inLife = new Waivers(readWaiversInLife());
  const unwaived = (findings: readonly Finding[], template: Template, chapter: string): string[] =>
    told(inLife.unwaived(always.unwaived(findings, template, chapter), template, chapter));
  let quick: readonly Judge[];
  let controls: Judge;

  beforeAll(() => {
    quick = [cloudFormationValidate(homeRegion), nag()];
    controls = controlTower(homeRegion);
  }, 60_000);

  /**
   * What nobody has waived, with the chapter and the write that brought it; where a chapter ends, Control Tower's rules
   * are asked, too.
   */
  function foundIn(moments: readonly Moment[]): string[] {
    const all: string[] = [];
    let before: readonly string[] = [];
    for (const { chapter, after, template, findings } of judgeAlong(moments, quick)) {
      const more = after === 'all' ? controls.judge(template) : [];
      const found = unwaived([...findings, ...more], template, chapter);
      const fresh = found.filter((finding) => !before.includes(finding));
      all.push(...fresh.map((finding) => `${chapter}: after ${after}: ${finding}`));
      before = found;
    }
    return all;
  }

  test('no finding while a store with everything is changed in each section', async () => {
    const moments = await changing(everything, undefined, changesOfEverything);
    expect(moments.length).toBeGreaterThan(120);
    expect(foundIn(moments)).toEqual([]);
  }, 600_000);

  test('no finding while a small store is changed, and grows', async () => {
    const moments = await changing(
      'examples/minimal.yaml',
      (spec) => ({ ...spec, cache: { engine: 'redis' } }),
      changesOfSmall,
    );
    expect(moments.length).toBeGreaterThan(20);
    expect(foundIn(moments)).toEqual([]);
  }, 300_000);

  test.each(removals)(
    'no finding while a store is %s',
    async (chapter, deletion) => {
      const moments = await removing(chapter, everything, deletion);
      expect(moments.length).toBeGreaterThan(100);
      expect(foundIn(moments)).toEqual([]);
    },
    300_000,
  );

  test('what somebody exposes is healed step by step: no step exposes anything else, or the same again', async () => {
    const { file, change } = plantedStore;
    const drifts = planted.filter(({ beside }) => beside !== true);
    const moments = await healing(file, change, drifts);
    let open: string[] | undefined;
    for (const { chapter, after, template, findings } of judgeAlong(moments, quick)) {
      const found = unwaived(findings, template, chapter);
      const before = open ?? found;
      expect(
        found.filter((one) => !before.includes(one)),
        `${chapter}: after ${after}`,
      ).toEqual([]);
      open = found;
      if (moments[0]?.template === template) expect(found.length).toBeGreaterThan(drifts.length);
    }
    const { template, chapter } = moments.at(-1) as Moment;
    expect([...(open ?? []), ...unwaived(controls.judge(template), template, chapter)]).toEqual([]);
  }, 300_000);

  test('every waiver is needed', () => expect(inLife.unused()).toEqual([]));

  test('no waiver has expired', () => expect(inLife.expired(new Date())).toEqual([]));
});
