import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Certificates } from './certificates.ts';
import { freePort } from './gate.ts';
import { programs, run, servant } from './needs.ts';

export interface Databases {
  readonly writerPort: number;
  readonly replicaPort: number;
  /** As the superuser, on the writer or the replica. */
  sql(statement: string, on?: 'writer' | 'replica', database?: string): string;
  stop(): Promise<void>;
}

/** Nobody gets in over the network but by TLS and with a password, as in RDS. */
const whoMayEnter = 'local all all trust\nlocal replication all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n';

/**
 * PostgreSQL: a writer, and a hot standby that follows it. A commit waits until the standby has applied it, so that what
 * a test reads from there does not depend on time.
 */
export async function startDatabases({ keyFile, certificateFile }: Certificates): Promise<Databases> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'));
  if (servant.uid !== undefined) chownSync(folder, servant.uid, servant.uid);
  const [writer, replica] = [join(folder, 'writer'), join(folder, 'replica')];
  const born = ['--pgdata', writer, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'];
  run(programs.initdb, born, servant);
  const settings = {
    ...{ listen_addresses: '127.0.0.1', unix_socket_directories: folder, ssl: 'on', fsync: 'off' },
    ...{ ssl_cert_file: join(folder, 'pg.pem'), ssl_key_file: join(folder, 'pg.key') },
    ...{ synchronous_commit: 'remote_apply', synchronous_standby_names: '*', hot_standby_feedback: 'on' },
  };
  for (const [from, to] of [
    [certificateFile, 'pg.pem'],
    [keyFile, 'pg.key'],
  ] as const) {
    cpSync(from, join(folder, to));
    chmodSync(join(folder, to), 0o600);
    if (servant.uid !== undefined) chownSync(join(folder, to), servant.uid, servant.uid);
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(join(writer, 'postgresql.conf'), lines.join(''));
  writeFileSync(join(writer, 'pg_hba.conf'), whoMayEnter);
  const [writerPort, replicaPort] = [await freePort(), await freePort()];
  copyToStandby(writer, replica, { folder, writerPort });
  const servers = [await serve(writer, writerPort), await serve(replica, replicaPort)];
  return {
    ...{ writerPort, replicaPort },
    sql: (statement, on = 'writer', database = 'shop') => {
      const port = String(on === 'writer' ? writerPort : replicaPort);
      const where = ['--host', folder, '--port', port, '--username', 'postgres', '--dbname', database];
      return run(programs.psql, [...where, '--no-psqlrc', '--quiet', '-At', '--command', statement]);
    },
    stop: async () => {
      for (const server of servers.reverse()) {
        server.kill('SIGQUIT');
        if (server.exitCode === null) await once(server, 'exit');
      }
      rmSync(folder, { recursive: true });
    },
  };
}

/** A standby is born as a copy of a writer that does not run yet. */
function copyToStandby(
  writer: string,
  replica: string,
  { folder, writerPort }: { folder: string; writerPort: number },
) {
  run('cp', ['-a', writer, replica], servant);
  const source = `host=${folder} port=${writerPort} user=postgres`;
  appendFileSync(join(replica, 'postgresql.conf'), `primary_conninfo = '${source}'\n`);
  writeFileSync(join(replica, 'standby.signal'), '');
}

async function serve(data: string, port: number): Promise<ChildProcess> {
  const server = spawn(programs.postgres, ['-D', data, '-p', String(port)], {
    ...servant,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_MESSAGES: 'C' },
  });
  const told: string[] = [];
  for await (const line of createInterface(server.stderr as NonNullable<ChildProcess['stderr']>)) {
    told.push(line);
    if (!line.includes('database system is ready to accept')) continue;
    server.stderr?.resume();
    return server;
  }
  throw new Error(`PostgreSQL does not start:\n${told.join('\n')}`);
}
