import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { RealCluster } from './cluster.ts';
import { freePorts, startOnLeash, type Leashed } from './process.ts';

/** Everything that belongs to one control plane that runs here. */
interface Site {
  readonly binaries: string;
  readonly folder: string;
  readonly etcd: string;
  readonly server: string;
  readonly token: string;
  readonly started: Leashed[];
}

/** Starts a control plane from a folder of programs, and waits until it is ready. */
export async function startBinaries(binaries: string, flags: readonly string[]): Promise<RealCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-cluster-'));
  const [client, peer, secure] = await freePorts(3);
  const token = randomBytes(16).toString('hex');
  const etcd = `http://127.0.0.1:${client}`;
  const site: Site = { binaries, folder, etcd, server: `https://127.0.0.1:${secure}`, token, started: [] };
  const stop = async (): Promise<void> => {
    // The API server before etcd: the other way round it waits for it.
    for (const program of site.started.reverse()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    startEtcd(site, `http://127.0.0.1:${peer}`);
    const apiServer = startApiServer(site, secure as number, flags);
    await untilReady(site, apiServer);
    const kubeconfig = writeKubeconfig(site);
    startControllerManager(site, kubeconfig);
    return { server: site.server, kubeconfig, own: true, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function start({ binaries, folder, started }: Site, program: string, args: readonly string[]): Leashed {
  const leashed = startOnLeash(join(binaries, program), args, join(folder, `${program}.log`));
  started.push(leashed);
  return leashed;
}

function startEtcd(site: Site, peer: string): void {
  start(site, 'etcd', [
    '--unsafe-no-fsync',
    `--data-dir=${join(site.folder, 'etcd')}`,
    `--listen-client-urls=${site.etcd}`,
    `--advertise-client-urls=${site.etcd}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--log-level=warn',
  ]);
}

function startApiServer(site: Site, port: number, flags: readonly string[]): Leashed {
  const { folder, token } = site;
  const key = join(folder, 'service-accounts.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  return start(site, 'kube-apiserver', [
    `--etcd-servers=${site.etcd}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(folder, 'certificates')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    // Pods would wait for tokens that nobody mounts here; there are no pods.
    '--disable-admission-plugins=ServiceAccount',
    ...flags,
  ]);
}

/** The one that finishes the deletion of namespaces, and collects garbage. */
function startControllerManager(site: Site, kubeconfig: string): void {
  start(site, 'kube-controller-manager', [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--controllers=namespace-controller,garbage-collector-controller,serviceaccount-controller',
    `--service-account-private-key-file=${join(site.folder, 'service-accounts.key')}`,
  ]);
}

async function untilReady(site: Site, apiServer: Leashed): Promise<void> {
  const { started, server, token, folder } = site;
  const deadline = Date.now() + 60_000;
  let last = 'nothing was tried';
  while (Date.now() < deadline && started.every(({ child }) => child.exitCode === null)) {
    try {
      const answer = await ask(`${server}/readyz`, token, join(folder, 'certificates', 'apiserver.crt'));
      if (answer === 'ok') return;
      last = answer;
    } catch (error) {
      last = String(error);
    }
    await after(100);
  }
  const logs = [...new Set([...started, apiServer])].map((program) => program.tail()).join('\n');
  throw new Error(`the control plane did not become ready: ${last}\n${logs}`);
}

function ask(url: string, token: string, certificate: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { ca: readFileSync(certificate), headers: { authorization: `Bearer ${token}` }, agent: false };
    const request = get(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve(text)).on('error', reject);
    });
    request.on('error', reject).setTimeout(5_000, () => request.destroy(new Error('no answer')));
  });
}

/** Writes a kubeconfig (JSON is YAML) and answers its path. */
function writeKubeconfig({ server, token, folder }: Site): string {
  const certificate = readFileSync(join(folder, 'certificates', 'apiserver.crt')).toString('base64');
  const path = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': certificate } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  writeFileSync(path, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  return path;
}
