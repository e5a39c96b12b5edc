import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { Fault } from '../model/faults.ts';
import { isInstalled } from './exec-plugin.ts';

/** Text that is given in the configuration itself, or in a file that may be rewritten while we run. */
export type Text = { readonly text: string } | { readonly file: string } | undefined;

/** A command that prints a token or a certificate, as `aws eks get-token` does. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where the API server is and how we prove who we are: one context of a kubeconfig, or a pod's service account. */
export interface ClusterAccess {
  readonly server: string;
  /** The namespace that the context names, or that of the pod. */
  readonly namespace: string | undefined;
  readonly ca: Text;
  readonly skipTlsVerify: boolean;
  readonly serverName: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly token: Text;
  readonly certificate: Text;
  readonly key: Text;
  readonly basic: { readonly username: string; readonly password: string } | undefined;
  readonly exec: ExecPlugin | undefined;
  readonly impersonate: string | undefined;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Finds the API server: KUBECONFIG, else the pod's service account, else the user's own kubeconfig. Of a kubeconfig it
 * takes the context that is named here, else the current one; a named context is looked for in files only.
 */
export function findCluster(env: NodeJS.ProcessEnv, context?: string): ClusterAccess {
  const host = env['KUBERNETES_SERVICE_HOST'];
  if (!env['KUBECONFIG'] && host && context === undefined)
    return inCluster(host, env['KUBERNETES_SERVICE_PORT'] ?? '443');
  const named = (env['KUBECONFIG'] ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean);
  const files = named.length > 0 ? named : [join(env['HOME'] ?? '.', '.kube', 'config')];
  const found = files.filter((file) => existsSync(file));
  if (found.length > 0) return contextOf(merged(found), { files: found.join(':'), named: context, path: env['PATH'] });
  throw wrong(`there is no Kubernetes configuration at ${files.join(', ')}`);
}

const wrong = (message: string): Fault =>
  new Fault('rejected', message, {
    remedy:
      'name a file with a current context in KUBECONFIG (the command line takes --kubeconfig too), or run in a pod with a service account',
  });

function inCluster(host: string, port: string): ClusterAccess {
  return {
    ...nobody,
    namespace: ownNamespace(),
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: { file: `${serviceAccount}/ca.crt` },
    token: { file: `${serviceAccount}/token` },
  };
}

/** The namespace of the pod we run in, if it is one. */
export function ownNamespace(): string | undefined {
  const file = `${serviceAccount}/namespace`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

const nobody: ClusterAccess = {
  server: '',
  namespace: undefined,
  ca: undefined,
  skipTlsVerify: false,
  serverName: undefined,
  proxyUrl: undefined,
  token: undefined,
  certificate: undefined,
  key: undefined,
  basic: undefined,
  exec: undefined,
  impersonate: undefined,
};

type Part = Readonly<Record<string, unknown>>;

interface Entry {
  readonly part: Part;
  /** The folder that relative paths in this entry count from. */
  readonly folder: string;
}

interface Merged {
  readonly current: string | undefined;
  find(list: 'contexts' | 'clusters' | 'users', name: string): Entry | undefined;
}

/** Several files as one, as kubectl reads them: of two entries with one name the first counts. */
function merged(files: readonly string[]): Merged {
  const documents = files.map((file) => ({
    folder: dirname(resolve(file)),
    content: contentOf(file),
  }));
  const member = { contexts: 'context', clusters: 'cluster', users: 'user' } as const;
  return {
    current: documents.map(({ content }) => content['current-context']).find(Boolean) as string | undefined,
    find: (list, name) => {
      for (const { content, folder } of documents) {
        const entry = ((content[list] ?? []) as Part[]).find((candidate) => candidate['name'] === name);
        if (entry) return { part: (entry[member[list]] ?? {}) as Part, folder };
      }
      return undefined;
    },
  };
}

function contentOf(file: string): Record<string, unknown> {
  try {
    return (parse(readFileSync(file, 'utf8')) ?? {}) as Record<string, unknown>;
  } catch (error) {
    // The parser's message would quote the lines around, and with them a token; which file it is has to do.
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw wrong(`${file}: this cannot be read as a kubeconfig${why}`);
  }
}

interface Choice {
  readonly files: string;
  /** The context that is asked for, where it is not the current one. */
  readonly named: string | undefined;
  /** Where commands are looked for. */
  readonly path: string | undefined;
}

function contextOf(config: Merged, { files, named, path }: Choice): ClusterAccess {
  const name = named ?? config.current;
  const context = name && config.find('contexts', name)?.part;
  const which = named === undefined ? 'current context' : `context ${named}`;
  if (!context) throw wrong(`${files}: there is no ${which}`);
  const cluster = config.find('clusters', String(context['cluster']));
  if (typeof cluster?.part['server'] !== 'string') throw wrong(`${files}: the ${which} names no server`);
  const user = config.find('users', String(context['user']));
  if (user?.part['auth-provider'])
    throw wrong(`${files}: auth-provider is no longer supported by Kubernetes; use an exec plugin`);
  const namespace = string(context['namespace']);
  const access = { ...nobody, namespace, ...clusterPart(cluster), ...(user ? userPart(user) : {}) };
  const at = `${files}: context ${name}`;
  checkServer(access, `${at}: clusters[${String(context['cluster'])}].cluster.server`);
  checkPlugin(access, `${at}: users[${String(context['user'])}].user.exec.command`, path);
  return access;
}

/** Without these two, the error of the first call would blame the network. */
function checkServer({ server }: ClusterAccess, field: string): void {
  if (/^https?:\/\//.test(server) && URL.canParse(server)) return;
  throw new Fault('rejected', `${field} is ${JSON.stringify(server)}, which is no URL`, {
    remedy: 'give it as https://HOST:PORT, or name another context',
  });
}

function checkPlugin({ exec }: ClusterAccess, field: string, path: string | undefined): void {
  if (!exec || isInstalled(exec, path)) return;
  throw new Fault('rejected', `${field} is ${exec.command}, which is not installed`, {
    remedy: `install ${exec.command}, put it on the PATH, or name another context`,
  });
}

const string = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** `name-data` holds base64, `name` names a file. */
function given({ part, folder }: Entry, name: string): Text {
  const [data, file] = [string(part[`${name}-data`]), string(part[name])];
  if (data) return { text: Buffer.from(data, 'base64').toString('utf8') };
  return file ? { file: resolve(folder, file) } : undefined;
}

function clusterPart(entry: Entry): Partial<ClusterAccess> {
  const { part } = entry;
  return {
    server: String(part['server']).replace(/\/+$/, ''),
    ca: given(entry, 'certificate-authority'),
    skipTlsVerify: part['insecure-skip-tls-verify'] === true,
    serverName: string(part['tls-server-name']),
    proxyUrl: string(part['proxy-url']),
  };
}

function userPart(entry: Entry): Partial<ClusterAccess> {
  const { part, folder } = entry;
  const [token, tokenFile, username] = [string(part['token']), string(part['tokenFile']), string(part['username'])];
  const exec = part['exec'] as (Part & { env?: { name: string; value: string }[] }) | undefined;
  return {
    token: tokenFile ? { file: resolve(folder, tokenFile) } : token ? { text: token } : undefined,
    certificate: given(entry, 'client-certificate'),
    key: given(entry, 'client-key'),
    basic: username ? { username, password: string(part['password']) ?? '' } : undefined,
    impersonate: string(part['as']),
    exec: exec && {
      apiVersion: String(exec['apiVersion']),
      command: String(exec['command']),
      args: (exec['args'] ?? []) as string[],
      env: Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
    },
  };
}
