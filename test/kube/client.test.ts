import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAccess } from '../../operator/kube/access.ts';
import { kubeClient, type KubeClient } from '../../operator/kube/client.ts';
import { KubeError, type KubeFailure } from '../../operator/kube/errors.ts';
import { findCluster } from '../../operator/kube/kubeconfig.ts';
import { failure, plainAccess, ScriptedApi } from '../support/scripted-api.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

let api: ScriptedApi;
let client: KubeClient;
let folder: string;
const timers = new VirtualTimers();

beforeEach(async () => {
  api = await ScriptedApi.start();
  client = api.client(timers);
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterEach(async () => {
  await client.close();
  await api.stop();
  rmSync(folder, { recursive: true });
});

const thrown = async (promise: Promise<unknown>): Promise<KubeError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof KubeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('a call', () => {
  test('carries its query, its body as a merge patch, and who we are', async () => {
    const answer = client.request<{ a: number }>({
      method: 'PATCH',
      path: '/apis/x',
      query: { fieldManager: 'me & you', dryRun: undefined },
      body: { spec: null },
    });
    const request = await api.next();
    expect([request.method, request.path, [...request.query]]).toEqual([
      'PATCH',
      '/apis/x',
      [['fieldManager', 'me & you']],
    ]);
    expect(request.headers).toMatchObject({ 'content-type': 'application/merge-patch+json', 'user-agent': 'test' });
    expect(request.body).toEqual({ spec: null });
    request.answer(200, { a: 1 });
    expect(await answer).toEqual({ a: 1 });
  });

  test('uses a connection that is there', async () => {
    const sockets = new Set<unknown>();
    for (let i = 0; i < 20; i++) {
      const answer = client.request({ method: 'GET', path: '/version' });
      const request = await api.next();
      sockets.add(request.socket);
      request.answer(200, {});
      await answer;
    }
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  test.each<[number, string, KubeFailure, string]>([
    [400, 'BadRequest', 'invalid', 'rejected'],
    [401, 'Unauthorized', 'denied', 'denied'],
    [403, 'Forbidden', 'denied', 'denied'],
    [404, 'NotFound', 'not-found', 'absent'],
    [408, 'Timeout', 'unavailable', 'transient'],
    [409, 'Conflict', 'conflict', 'busy'],
    [409, 'AlreadyExists', 'exists', 'busy'],
    [410, 'Expired', 'gone', 'busy'],
    [413, 'RequestEntityTooLarge', 'invalid', 'rejected'],
    [422, 'Invalid', 'invalid', 'rejected'],
    [429, 'TooManyRequests', 'throttled', 'throttled'],
    [500, 'InternalError', 'unavailable', 'transient'],
    [503, 'ServiceUnavailable', 'unavailable', 'transient'],
    [504, 'Timeout', 'unavailable', 'transient'],
  ])('that is answered %i %s fails as %s, a %s fault', async (code, reason, how, kind) => {
    const error = thrown(client.request({ method: 'GET', path: '/x' }));
    (await api.next()).answer(code, failure(code, reason));
    expect(await error).toMatchObject({ failure: how, kind, message: `GET /x: ${code} ${reason} for a test` });
  });

  test('that is answered by a proxy’s page tells its beginning', async () => {
    const error = thrown(client.request({ method: 'GET', path: '/x' }));
    (await api.next()).answer(502, '<html>bad gateway</html>');
    expect(await error).toMatchObject({ failure: 'unavailable', message: 'GET /x: 502 <html>bad gateway</html>' });
  });

  test.each([
    ['seconds', '7', 7_000],
    ['a date', new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString(), 9_000],
    ['a day', '86400', 300_000],
    ['the past', new Date(0).toUTCString(), 0],
    ['nonsense', 'later', undefined],
  ])('may be told when to come back, in %s', async (_, header, millis) => {
    const error = thrown(client.request({ method: 'GET', path: '/x' }));
    (await api.next()).answer(429, failure(429, 'TooManyRequests'), { 'retry-after': header });
    expect((await error).retryAfterMillis).toBe(millis);
  });

  test('whose connection breaks has an unknown outcome', async () => {
    const error = thrown(client.request({ method: 'POST', path: '/x', body: {} }));
    (await api.next()).reset();
    expect(await error).toMatchObject({ failure: 'unavailable', kind: 'transient' });
    expect(api.requests).toHaveLength(1);
  });

  test('that nobody listens to fails', async () => {
    await api.stop();
    expect(await thrown(client.request({ method: 'GET', path: '/x' }))).toMatchObject({ failure: 'unavailable' });
    api = await ScriptedApi.start();
  });

  test('ends when its signal aborts', async () => {
    const stop = new AbortController();
    const error = thrown(client.request({ method: 'GET', path: '/x', signal: stop.signal }));
    await api.next();
    stop.abort();
    expect(await error).toMatchObject({ failure: 'aborted' });
  });
});

describe('who we are', () => {
  const write = (name: string, content: unknown): string => {
    const file = join(folder, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const kubeconfig = (user: object, cluster: object = {}): object => ({
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'http://10.0.0.1:8080/prefix/', ...cluster } }],
    users: [{ name: 'u', user }],
  });
  const headersOf = async (user: object): Promise<unknown> => {
    const found = findCluster({ KUBECONFIG: write('config', kubeconfig(user)) });
    const access = openAccess(found, 1, () => 0);
    expect(access.server).toBe('http://10.0.0.1:8080/prefix');
    return (await access.credentials()).headers;
  };

  test.each([
    ['a token', { token: 'abc' }, { authorization: 'Bearer abc' }],
    ['a password', { username: 'me', password: 'pw' }, { authorization: 'Basic bWU6cHc=' }],
    ['somebody else', { token: 'abc', as: 'other' }, { authorization: 'Bearer abc', 'impersonate-user': 'other' }],
    ['nobody', {}, {}],
  ])('may be %s', async (_, user, headers) => {
    expect(await headersOf(user)).toEqual(headers);
  });

  test('may be in a file, that counts from where the kubeconfig is and is read again after a minute', async () => {
    write('token', 'first\n');
    let now = 0;
    const found = findCluster({ KUBECONFIG: write('config', kubeconfig({ tokenFile: 'token' })) });
    const access = openAccess(found, 1, () => now);
    expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer first' });
    write('token', 'second\n');
    expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer first' });
    now = 60_000;
    expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer second' });
  });

  test('may be told by a command, which is run again when what it told has expired', async () => {
    const soon = new Date(600_000).toISOString();
    const script = `let n=0;try{n=+fs.readFileSync('${folder}/n')}catch{};fs.writeFileSync('${folder}/n',''+(n+1));
      const status={token:process.env.PREFIX+n,expirationTimestamp:'${soon}'};console.log(JSON.stringify({kind:'ExecCredential',status}))`;
    const apiVersion = 'client.authentication.k8s.io/v1';
    const exec = { apiVersion, command: process.execPath, args: ['-e', script], env: [{ name: 'PREFIX', value: 't' }] };
    let now = 0;
    const access = openAccess(findCluster({ KUBECONFIG: write('config', kubeconfig({ exec })) }), 1, () => now);
    expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer t0' });
    expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer t0' });
    now = 560_000;
    expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer t1' });
  });

  test('comes from the first of several files that has it', () => {
    const first = write('first', { 'current-context': 'here' });
    const second = write('second', { ...kubeconfig({ token: 'abc' }), 'current-context': 'elsewhere' });
    const missing = join(folder, 'missing');
    expect(findCluster({ KUBECONFIG: [missing, first, second].join(':') }).token).toEqual({ text: 'abc' });
  });

  test('is that of the context which is named, with its namespace', () => {
    const two = kubeconfig({ token: 'abc' }) as { contexts: object[] };
    const there = { name: 'there', context: { cluster: 'c', user: 'nobody', namespace: 'shops' } };
    const file = write('config', { ...two, contexts: [...two.contexts, there] });
    expect(findCluster({ KUBECONFIG: file })).toMatchObject({ namespace: undefined, token: { text: 'abc' } });
    // In a pod too: a service account is no context.
    const inPod = { HOME: folder, KUBECONFIG: file, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(findCluster(inPod, 'there')).toMatchObject({ namespace: 'shops', token: undefined });
    expect(() => findCluster({ HOME: folder, KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'there')).toThrow(
      `there is no Kubernetes configuration at ${join(folder, '.kube', 'config')}`,
    );
    expect(() => findCluster({ KUBECONFIG: file }, 'nowhere')).toThrow(`${file}: there is no context nowhere`);
  });

  test('is the service account in a pod without a kubeconfig', () => {
    const found = findCluster({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' });
    expect(found.server).toBe('https://[fd00::1]:443');
    expect(found.token).toEqual({ file: expect.stringMatching(/serviceaccount\/token$/) as string });
  });

  test.each(['10.0.0.1:6443', 'cluster.example.com', 'tcp://10.0.0.1', ''])(
    'is told to lead nowhere where the server is %j, with the file, the context, the field and the remedy',
    (server) => {
      const file = write('config', kubeconfig({ token: 'abc' }, { server }));
      const fault = { kind: 'rejected', facts: { remedy: expect.stringContaining('https://') as string } };
      const message = `${file}: context here: clusters[c].cluster.server is ${JSON.stringify(server)}, which is no URL`;
      expect(() => findCluster({ KUBECONFIG: file })).toThrow(expect.objectContaining({ ...fault, message }) as Error);
    },
  );

  test.each(['no-such-plugin', '/nowhere/no-such-plugin'])(
    'is told to be unknown where the command %s is not installed, with the file, the context, the field and the remedy',
    (command) => {
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command };
      const file = write('config', kubeconfig({ exec }));
      const fault = { kind: 'rejected', facts: { remedy: expect.stringContaining(`install ${command}`) as string } };
      const message = `${file}: context here: users[u].user.exec.command is ${command}, which is not installed`;
      expect(() => findCluster({ KUBECONFIG: file, PATH: folder })).toThrow(
        expect.objectContaining({ ...fault, message }) as Error,
      );
    },
  );

  test.each([
    ['no file', { HOME: '/nowhere' }],
    ['no context', { KUBECONFIG: 'empty' }],
    ['an authentication that is no more', { KUBECONFIG: 'legacy' }],
  ])('is not guessed when there is %s', (_, env) => {
    write('empty', {});
    write('legacy', kubeconfig({ 'auth-provider': { name: 'gcp' } }));
    const file = 'KUBECONFIG' in env ? { KUBECONFIG: join(folder, env.KUBECONFIG) } : env;
    expect(() => findCluster(file)).toThrow(expect.objectContaining({ kind: 'rejected' }) as Error);
  });
});

test('TLS is verified against the cluster’s own CA, and a renewed CA is taken up', async () => {
  // Self-signed for 127.0.0.1, for a hundred years, and used nowhere else.
  const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
  const server = createServer({ key: fixture('ours.key'), cert: fixture('ours.crt') }, (_, response) =>
    response.end('{"ok":true}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ca = join(folder, 'ca.crt');
  writeFileSync(ca, fixture('other.crt'));
  let now = 0;
  const access = openAccess({ ...plainAccess(url), ca: { file: ca } }, 2, () => now);
  const tls = kubeClient({ access, userAgent: 'test', clock: timers });
  const get = (): Promise<unknown> => tls.request({ method: 'GET', path: '/' });
  expect((await thrown(get())).message).toMatch(/self-signed certificate/);
  writeFileSync(ca, fixture('ours.crt'));
  now = 60_000;
  expect(await get()).toEqual({ ok: true });
  await tls.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
