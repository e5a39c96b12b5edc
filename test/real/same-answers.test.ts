import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FastClock } from '../../simulator/clock.ts';
import { startKubernetes, type SimulatedKubernetes } from '../../simulator/kube/start.ts';
import { asker, type Answer } from './ask.ts';
import { startCluster, type RealCluster } from './cluster.ts';
import { comparable } from './comparable.ts';
import { findCluster } from './find-cluster.ts';
import { installCrd } from './install.ts';
import { Kubectl } from './kubectl.ts';
import { corpus, namespace, questions, type Question } from './questions.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const crds = {
  'ecomstores.ecom.io': read('../../crds/ecomstores.ecom.io.yaml'),
  'probes.test.ecom.io': read('./fixtures/probes.yaml'),
};
const source = findCluster();
const why = source.kind === 'none' ? ` (skipped: ${source.reason})` : '';
if (source.kind === 'none') console.warn(`The stand-in is not compared with a real API server: ${source.reason}`);

describe.skipIf(source.kind === 'none')(`the stand-in answers as the real API server does${why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-same-'));
  let cluster: RealCluster;
  let standIn: SimulatedKubernetes;
  let kubectl: Kubectl;
  let ask: readonly ((question: Question) => Promise<Answer>)[];

  beforeAll(async () => {
    cluster = await startCluster({ source });
    standIn = await startKubernetes({ clock: new FastClock(), crds: Object.values(crds).map((text) => load(text)) });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, standIn.kubeconfig);
    ask = [asker(cluster.kubeconfig), asker(kubeconfig)];
    kubectl = new Kubectl(cluster.kubeconfig);
    for (const [name, text] of Object.entries(crds)) await installCrd(cluster.kubeconfig, text, name);
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    for (const one of ask) await one({ about: 'our namespace', method: 'POST', path: '/api/v1/namespaces', body });
  }, 1_800_000);

  afterAll(async () => {
    await kubectl?.run(['delete', 'namespace', namespace, '--wait=false']);
    await kubectl?.close();
    await standIn?.close();
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  });

  const differences = async (asked: readonly Question[]): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (const question of asked) {
      const answers = [await ask[0]?.(question), await ask[1]?.(question)] as Answer[];
      const [real, ours] = question.codeOnly ? answers.map(({ code }) => code) : answers.map(comparable);
      if (!isDeepStrictEqual(real, ours)) found.push({ about: question.about, real, ours });
    }
    return found;
  };

  for (const [group, asked] of Object.entries(questions))
    test(`about ${group}`, async () => expect(await differences(asked)).toEqual([]));

  test('about every bad manifest of the corpus', async () => expect(await differences(corpus)).toEqual([]));
});
