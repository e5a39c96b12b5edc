import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { load } from 'js-yaml';
import type { Question } from './questions.ts';

export interface Answer {
  readonly code: number;
  readonly body: unknown;
  readonly warnings: string;
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data'?: string } }[];
  readonly users: readonly {
    user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string };
  }[];
}

const decoded = (text: string | undefined): Buffer | undefined => (text ? Buffer.from(text, 'base64') : undefined);

/** Asks an API server over its own sockets, with nothing of ours or of a client library in between. */
export function asker(kubeconfigPath: string): (question: Question) => Promise<Answer> {
  const config = load(readFileSync(kubeconfigPath, 'utf8')) as Kubeconfig;
  const [cluster, user] = [config.clusters[0]?.cluster, config.users[0]?.user];
  if (!cluster) throw new Error(`${kubeconfigPath} names no cluster`);
  const tls = {
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user?.['client-certificate-data']),
    key: decoded(user?.['client-key-data']),
  };
  const request = cluster.server.startsWith('https:') ? httpsRequest : httpRequest;
  return ({ method, path, body, type = 'application/json', accept = 'application/json' }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const headers = {
        accept,
        ...(user?.token ? { authorization: `Bearer ${user.token}` } : {}),
        ...(text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
      };
      const sent = request(cluster.server + path, { method, headers, agent: false, ...tls }, (answer) => {
        let told = '';
        answer.setEncoding('utf8').on('data', (part: string) => (told += part));
        answer.on('error', reject).on('end', () => {
          const warnings = [answer.headers['warning'] ?? []].flat().join(', ');
          resolve({ code: answer.statusCode ?? 0, body: parsed(told), warnings });
        });
      });
      sent.on('error', reject).end(text);
    });
}

function parsed(text: string): unknown {
  if (!text.startsWith('{')) return text;
  return JSON.parse(text);
}
