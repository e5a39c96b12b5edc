import { applying } from './checks/applying.ts';
import type { Check, Site } from './checks/check.ts';
import { ending } from './checks/ending.ts';
import { reading } from './checks/reading.ts';
import { refusing } from './checks/refusing.ts';
import type { Kubectl } from './kubectl.ts';

/** What kubectl does with stores without any operator: on the real API server and on the stand-in alike. */
export const kubectlChecks: readonly Check[] = [...applying, ...refusing, ...reading, ...ending];

/** Runs a check in a namespace of its own, and removes what it left. */
export async function runCheck(check: Check, kubectl: Kubectl, isReal: boolean): Promise<void> {
  const namespace = `check-${Math.random().toString(36).slice(2, 10)}`;
  const site: Site = { kubectl, namespace, isReal };
  await kubectl.ok(['create', 'namespace', namespace]);
  try {
    await check.run(site);
  } finally {
    await kubectl.run(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
  }
}
