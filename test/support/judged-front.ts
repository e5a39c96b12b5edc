import { fail } from 'node:assert/strict';
import { startAwsFront, type AwsFront, type FrontOptions } from '../../simulator/aws/front/server.ts';
import { told, type WireMisfit } from '../../simulator/aws/wire/misfit.ts';
import { openFronts } from './open-fronts.ts';

export interface JudgedFront extends AwsFront {
  /** What judges beside the front found, such as of inputs before the SDK serialises them. */
  readonly misfits: WireMisfit[];
}

/**
 * The simulated AWS over sockets for a test: closing it throws if any request or reply was not as AWS's service models
 * have it. Every test over sockets takes it (test/house/wire.test.ts); one that misbehaves on purpose takes its misfits
 * (`front.wire.taken()`) before it ends.
 */
export async function judgedFront(options: FrontOptions): Promise<JudgedFront> {
  const front = await startAwsFront(options);
  openFronts.add(front.endpoint);
  const misfits: WireMisfit[] = [];
  const close = async (): Promise<void> => {
    await front.close();
    openFronts.delete(front.endpoint);
    const all = [...misfits, ...front.wire.misfits].map(told);
    if (all.length > 0) fail(`the wire is not AWS's (${all.length} times):\n${[...new Set(all)].join('\n')}`);
  };
  return { ...front, misfits, close };
}
