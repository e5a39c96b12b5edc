import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecPlugin } from './kubeconfig.ts';

/** What a credential plugin printed. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecCredential {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

const run = promisify(execFile);

/** Whether a plugin's command is there, where it is looked for: Windows finds more names than one, and is believed. */
export function isInstalled({ command, env }: ExecPlugin, path = ''): boolean {
  if (process.platform === 'win32') return true;
  if (command.includes('/')) return existsSync(command);
  return (env['PATH'] ?? path).split(delimiter).some((folder) => existsSync(join(folder, command)));
}

/** Runs a credential plugin when there is nothing from it, or nothing that lasts another minute. */
export function execCredentials(plugin: ExecPlugin, now: () => number): () => Promise<ExecCredential> {
  let held: ExecCredential | undefined;
  const fresh = ({ expirationTimestamp }: ExecCredential): boolean =>
    expirationTimestamp === undefined || Date.parse(expirationTimestamp) - now() > 60_000;
  return async () => {
    if (held && fresh(held)) return held;
    const about = { apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
    const env = { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(about) };
    const { stdout } = await run(plugin.command, [...plugin.args], { env, timeout: 60_000 });
    const status = (JSON.parse(stdout) as { status?: ExecCredential }).status;
    if (!status) throw new Error(`${plugin.command} printed no credentials`);
    held = status;
    return status;
  };
}
