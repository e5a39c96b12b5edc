import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreCluster } from '../support/store-cluster.ts';
import { readyCondition as ready, toldStatus } from '../support/told-store.ts';

let cluster: StoreCluster;

beforeEach(async () => {
  cluster = await StoreCluster.start();
});
afterEach(() => cluster.stop());

describe('ecomstore status', () => {
  test('draws the tree of a store, and ends with 2 while it is not ready', async () => {
    await cluster.create();
    await cluster.tell({ ...toldStatus, observedGeneration: 1 });
    const { text, code } = await cluster.run(['acme', '-n', 'shops']);
    expect(text).toContain('EcomStore shops/acme  https://shop.example.com\n');
    expect(text).toContain(
      '│  ├─ ready        network/vpc            ec2/vpc              vpc-0a1b2c3d  read 40s ago\n',
    );
    expect(code).toBe(2);
  });

  test('ends with 0 when it is ready, and prints JSON for machines', async () => {
    await cluster.create();
    await cluster.tell({ ...toldStatus, observedGeneration: 1, conditions: [ready] });
    const { text, code } = await cluster.run(['acme', '-n', 'shops', '-o', 'json']);
    expect(JSON.parse(text)).toMatchObject({
      store: 'shops/acme',
      ready: true,
      sections: [{ name: 'network' }, {}, {}],
    });
    expect(code).toBe(0);
  });

  test('ends with 2 when no operator has told anything for long, whatever the last one said', async () => {
    await cluster.create();
    await cluster.tell({ ...toldStatus, observedGeneration: 1, conditions: [ready] });
    await cluster.timers.advance(2 * 3_600_000);
    const { text, code } = await cluster.run(['acme', '-n', 'shops']);
    expect(text).toContain('No operator has told anything for 2h');
    expect(code).toBe(2);
  });

  test('a store that no operator has looked at is said to be so', async () => {
    await cluster.create();
    expect((await cluster.run(['acme', '-n', 'shops'])).text).toContain('no operator has looked at it yet');
  });

  test('writes nothing, and asks for one store only', async () => {
    await cluster.create();
    const before = cluster.kubernetes.requests.length;
    await cluster.run(['acme', '-n', 'shops']);
    const asked = cluster.kubernetes.requests.slice(before);
    expect(asked.map(({ verb, resource, name }) => [verb, resource, name])).toEqual([['get', 'ecomstores', 'acme']]);
  });
});

describe('the cluster and the namespace', () => {
  test('are those of the context, unless another is named', async () => {
    await cluster.create();
    const inDefault = await cluster.failed(['acme']);
    expect(inDefault.message).toContain('there is no EcomStore default/acme\n');
    expect((await cluster.run(['acme', '--context', 'shops'])).text).toContain('EcomStore shops/acme');
    expect((await cluster.failed(['acme', '--context', 'shops', '-n', 'default'])).message).toContain('default/acme');
  });

  test('come from --kubeconfig before KUBECONFIG', async () => {
    await cluster.create();
    const env = { KUBECONFIG: join(cluster.folder, 'missing') };
    expect((await cluster.failed(['acme'], { env })).message).toMatch(
      /^there is no Kubernetes configuration at .*missing$/,
    );
    expect((await cluster.run(['acme', '-n', 'shops', '--kubeconfig', cluster.kubeconfig()], { env })).text).toContain(
      'EcomStore shops/acme',
    );
  });

  test('a context that is not there is refused by name', async () => {
    expect((await cluster.failed(['acme', '--context', 'nope'])).message).toMatch(/: there is no context nope$/);
  });

  test('a kubeconfig that cannot be read is refused without a word of what is in it', async () => {
    const file = join(cluster.folder, 'torn');
    writeFileSync(file, 'users: [{ token: s3cret\n  - : }');
    const { message } = await cluster.failed(['acme'], { env: { KUBECONFIG: file } });
    expect(message).toMatch(/torn: this cannot be read as a kubeconfig \([A-Z_]+\)$/);
  });
});

describe('what is in the way', () => {
  test('no such store', async () => {
    const { message } = await cluster.failed(['nope', '-n', 'shops']);
    expect(message).toBe(
      'there is no EcomStore shops/nope\n    kubectl get ecomstores --all-namespaces lists those that there are; -n names another namespace',
    );
  });

  test('a cluster without the CRD', async () => {
    const bare = await StoreCluster.start({ crds: [] });
    const failure = await bare.failed(['acme', '-n', 'shops']);
    await bare.stop();
    expect(failure).toEqual({
      message: expect.stringMatching(
        /^the cluster at 127\.0\.0\.1:\d+ knows no EcomStores: its CRD is not installed$/,
      ) as string,
      remedy: 'kubectl apply --server-side -f crds/, or choose another cluster with --context',
    });
  });

  test('no permission', async () => {
    cluster.kubernetes.faults.answer({ count: 1, answer: 403 });
    expect(await cluster.failed(['acme', '-n', 'shops'])).toEqual({
      message: expect.stringContaining('403 forbidden') as string,
      remedy: 'log in again, or ask for get, list and watch on ecomstores.ecom.io in namespace shops',
    });
  });

  test('no cluster', async () => {
    await cluster.kubernetes.faults.goAway();
    const { message, remedy } = await cluster.failed(['acme', '-n', 'shops']);
    expect(message).toMatch(/^the cluster at 127\.0\.0\.1:\d+ does not answer as it should: .*ECONNREFUSED/);
    expect(remedy).toContain('kubectl config current-context');
    await cluster.kubernetes.faults.comeBack();
  });
});
