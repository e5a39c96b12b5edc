import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian puts what it puts into no path: the newest version first. */
const debian = '/usr/lib/postgresql';
const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
const folders = [...(process.env['PATH'] ?? '').split(':'), ...versions.map((version) => join(debian, version, 'bin'))];

const find = (...names: string[]): string | undefined =>
  names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));

/** The application, installed or not. */
export const storefront = new URL('../../examples/storefront/', import.meta.url).pathname;

/** The programs that the storefront's test runs: a real cache, a real database, and one that makes certificates. */
export const programs = {
  cache: find('valkey-server', 'redis-server') ?? '',
  postgres: find('postgres') ?? '',
  initdb: find('initdb') ?? '',
  psql: find('psql') ?? '',
  openssl: find('openssl') ?? '',
};

const missing = Object.entries(programs).flatMap(([name, file]) => (file === '' ? [name] : []));

/** Undefined when all is there, else what is not and how it comes. */
export const lacking: string | undefined =
  missing.length > 0
    ? `this machine has no ${missing.join(', ')} (apt-get install redis-server postgresql openssl)`
    : existsSync(join(storefront, 'node_modules/pg'))
      ? undefined
      : 'the storefront is not installed (npm ci --prefix examples/storefront --ignore-scripts)';

/** Runs a program to its end, and throws what it has to say when that is not a good one. */
export function run(program: string, args: readonly string[], options: { uid?: number; input?: string } = {}): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000, ...options });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${stderr}${stdout}`);
  return stdout.trim();
}

/** PostgreSQL does not run as root: then it runs as nobody. */
export const servant: { uid?: number; gid?: number } = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
