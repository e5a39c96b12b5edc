import { readFileSync } from 'node:fs';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { execCredentials } from './exec-plugin.ts';
import type { ClusterAccess, Text } from './kubeconfig.ts';

/** The way to the API server: its address, and what proves who we are, fresh for each call. */
export interface Access {
  readonly server: string;
  credentials(): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly dispatcher: Dispatcher }>;
  close(): Promise<void>;
}

interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/**
 * Opens the way. One keep-alive agent serves every call as long as CA, certificate and key stay the same; all three,
 * and the token, are read again at most once a minute, because the cluster rotates them.
 */
export function openAccess(cluster: ClusterAccess, connections: number, now: () => number): Access {
  const read = rereading(now);
  const plugin = cluster.exec && execCredentials(cluster.exec, now);
  let current: { readonly key: string; readonly agent: Dispatcher } | undefined;
  const agentFor = (tls: Tls): Dispatcher => {
    const key = JSON.stringify(tls);
    if (current?.key !== key) {
      void current?.agent.close();
      current = { key, agent: newAgent(cluster.proxyUrl, tls, connections) };
    }
    return current.agent;
  };
  return {
    server: cluster.server,
    credentials: async () => {
      const proof = await plugin?.();
      const dispatcher = agentFor({
        ca: read(cluster.ca),
        cert: proof?.clientCertificateData ?? read(cluster.certificate),
        key: proof?.clientKeyData ?? read(cluster.key),
        servername: cluster.serverName,
        rejectUnauthorized: cluster.skipTlsVerify ? false : undefined,
      });
      return { headers: headersFor(cluster, proof?.token ?? read(cluster.token)?.trim()), dispatcher };
    },
    close: async () => current?.agent.destroy(),
  };
}

function headersFor({ basic, impersonate }: ClusterAccess, token: string | undefined): Record<string, string> {
  const pair = basic && Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
  const authorization = token ? `Bearer ${token}` : pair ? `Basic ${pair}` : undefined;
  return {
    ...(authorization ? { authorization } : {}),
    ...(impersonate ? { 'impersonate-user': impersonate } : {}),
  };
}

/** Files are read synchronously: they are small and local, and once a minute at most. */
function rereading(now: () => number): (text: Text) => string | undefined {
  const held = new Map<string, { readonly content: string; readonly at: number }>();
  return (text) => {
    if (!text || 'text' in text) return text?.text;
    const last = held.get(text.file);
    if (last && Math.abs(now() - last.at) < 60_000) return last.content;
    const content = readFileSync(text.file, 'utf8');
    held.set(text.file, { content, at: now() });
    return content;
  };
}

function newAgent(proxyUrl: string | undefined, tls: Tls, connections: number): Dispatcher {
  const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
  // Load balancers in front of an API server drop idle connections after a minute or so, hence the early probes.
  const connect = { ...given, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: 10_000 };
  const options = { connections, keepAliveTimeout: 60_000 };
  return proxyUrl
    ? new ProxyAgent({ ...options, uri: proxyUrl, requestTls: given })
    : new Agent({ ...options, connect });
}
