import { beforeAll, test } from 'vitest';
import { operations } from '../../operator/model/operations.ts';
import { live, type Lived } from './life.ts';

const files = ['minimal', 'production', 'existing-vpc', 'gitops/tenants/bakery/bread'].map(
  (name) => `examples/${name}.yaml`,
);

const lives: Lived[] = [];
beforeAll(async () => {
  for (const file of files) {
    const t = Date.now();
    const l = await live(file).catch((e) => {
      console.log(file, String(e));
    });
    if (!l) continue;
    lives.push(l);
    console.log(file, Date.now() - t, l.requests, l.unhealed, l.left);
  }
}, 300_000);

test('x', () => {
  const all = Object.entries(operations).flatMap(([s, o]) => Object.keys(o).map((n) => `${s}:${n}`));
  console.log(
    'not reached',
    all.filter((n) => !lives.some((l) => l.operations.has(n))),
  );
});
