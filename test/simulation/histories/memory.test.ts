import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { turn } from '../../support/virtual-timers.ts';
import { judged } from './judged.ts';

/** Collects what nobody holds any more, the garbage of what is collected with it too. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 5; i++) {
    await turn();
    gc();
  }
}

test('nothing of a history is held once it is judged, nor of the processes that died in it', async () => {
  const played = new WeakRef(await judged(8));
  await collect();
  expect(played.deref() === undefined).toBe(true);
}, 120_000);
