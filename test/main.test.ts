import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out: string;
  err: string;
}

let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'operator-'))));
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function run(args: string[], env: Record<string, string> = {}): Run {
  const clean = { PATH: process.env['PATH'] ?? '', HOME: folder, ...env };
  const child = spawn(process.execPath, ['--import', 'tsx', 'operator/main.ts', ...args], { env: clean });
  started.push(child);
  const result: Run = { child, out: '', err: '', ended: new Promise((resolve) => child.on('close', resolve)) };
  child.stdout.on('data', (chunk: Buffer) => void (result.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (result.err += chunk.toString()));
  return result;
}

describe('the command line', () => {
  test('--help tells every variable, --version the version', async () => {
    const [help, version] = [run(['--help']), run(['--version'])];
    expect([await help.ended, await version.ended]).toEqual([0, 0]);
    expect(help.out).toContain('ECOM_INSTALLATION=default');
    expect(help.out).toContain('AWS_ENDPOINT_URL');
    expect(version.out).toMatch(/^\d+\.\d+\.\d+\+source\n$/);
  });

  test('refuses what it does not know, and a bad environment, with exit code 2', async () => {
    const [unknown, bad] = [run(['--port', '80']), run([], { ECOM_WORKERS: 'many', ECOM_LOG_LEVEL: 'loud' })];
    expect([await unknown.ended, await bad.ended]).toEqual([2, 2]);
    expect(unknown.err).toContain('unknown argument --port 80');
    expect(bad.err).toContain('ECOM_WORKERS="many": must be a whole number');
    expect(bad.err).toContain('ECOM_LOG_LEVEL="loud": must be one of');
  });

  test('without a Kubernetes to talk to, it says what to do', async () => {
    const nowhere = run([]);
    expect(await nowhere.ended).toBe(1);
    expect(nowhere.out).toContain('name a file with a current context in KUBECONFIG');
  });
});

describe('a process whose AWS does not answer', () => {
  let server: Server;
  let lease: { spec?: { holderIdentity?: string } } | undefined;
  let leaseWrites: number;

  beforeEach(async () => {
    [lease, leaseWrites] = [undefined, 0];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
      request.on('end', () => {
        const url = request.url ?? '';
        if (url.includes('watch=true')) return response.writeHead(200).flushHeaders();
        if (!url.includes('/leases')) return response.end('{"metadata":{"resourceVersion":"1"},"items":[]}');
        if (request.method === 'GET' && !lease) return response.writeHead(404).end('{}');
        if (request.method !== 'GET') {
          lease = JSON.parse(body) as typeof lease;
          leaseWrites++;
        }
        return response.end(JSON.stringify(lease));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('is ready and alive, goes on trying, and hands its lease back when it is told to stop', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const kubeconfig = join(folder, 'config');
    const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
    const clusters = [{ name: 'c', cluster: { server: url } }];
    writeFileSync(kubeconfig, JSON.stringify({ 'current-context': 'c', contexts: [context], clusters, users: [] }));
    const operator = run([], {
      KUBECONFIG: kubeconfig,
      ECOM_METRICS_PORT: '0',
      ECOM_METRICS_ADDRESS: '127.0.0.1',
      ECOM_IDENTITY: 'me',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'CANARY-secret',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    const told = async (what: string): Promise<void> => {
      for (let i = 0; i < 400 && !operator.out.includes(what); i++)
        await new Promise((resolve) => setTimeout(resolve, 25));
      expect(operator.out).toContain(what);
    };
    await told('AWS does not tell which account this is');
    const port = /"port":(\d+)/.exec(operator.out)?.[1];
    for (const probe of ['livez', 'readyz'])
      expect((await fetch(`http://127.0.0.1:${port}/${probe}`)).status, probe).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('ecom_leader 1');
    expect(lease?.spec?.holderIdentity).toMatch(/^me_/);
    operator.child.kill('SIGTERM');
    expect(await operator.ended).toBe(0);
    expect(lease?.spec?.holderIdentity).toBe('');
    expect(leaseWrites).toBeGreaterThan(1);
    expect(operator.out).toContain('"message":"stopped"');
    expect(operator.out).not.toContain('CANARY');
  });
});
