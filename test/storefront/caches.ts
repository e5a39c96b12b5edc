import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TLSSocket } from 'node:tls';
import type { Certificates } from './certificates.ts';
import { gateTo, joined, type Gate } from './gate.ts';
import { wrongWith, type Expected } from './iam-token.ts';
import { programs } from './needs.ts';
import { command, Commands } from './resp.ts';

export interface TestCache {
  readonly gate: Gate;
  /** What was said to clients whose token was refused. */
  readonly refused: string[];
  /** A cache may be empty at any time. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

const password = 'known-to-the-gate-alone';

/**
 * A real server behind what ElastiCache has before its own: TLS, and users who prove by a token of IAM who they are. The
 * server's user may do what the store's may (`accessString`).
 */
export async function startCache(
  folder: string,
  { certificates, expected, accessString }: { certificates: Certificates; expected: Expected; accessString: string },
): Promise<TestCache> {
  const socket = join(folder, 'cache.sock');
  const config = [
    ...['port 0', `unixsocket ${socket}`, 'save ""', `dir ${folder}`, 'user default off'],
    `user ${expected.user} >${password} ${accessString}`,
  ];
  writeFileSync(join(folder, 'cache.conf'), config.join('\n'));
  const server = spawn(programs.cache, [join(folder, 'cache.conf')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: string[] = [];
  for await (const line of createInterface(server.stdout)) {
    told.push(line);
    if (line.includes('accept connections')) break;
  }
  if (!told.at(-1)?.includes('accept connections')) throw new Error(`the cache does not start:\n${told.join('\n')}`);
  server.stdout.resume();
  const refused: string[] = [];
  const gate = await gateTo((client) => {
    const { key, certificate: cert } = certificates;
    const secure = new TLSSocket(client, { isServer: true, key, cert });
    const upstream = connect(socket);
    joined(secure, upstream);
    const commands = new Commands();
    secure.on('data', (bytes: Buffer) => {
      for (const words of commands.push(bytes)) {
        const admitted = admit(words, expected);
        if (admitted.why !== undefined) refused.push(admitted.why);
        if (admitted.words === undefined) secure.write('-WRONGPASS invalid username-password pair\r\n');
        else upstream.write(command(admitted.words));
      }
    });
    upstream.pipe(secure);
  });
  const empty = async (): Promise<void> => {
    const client = connect(socket);
    client.end(command(['AUTH', expected.user, password]) + command(['FLUSHALL']));
    const answers = (await client.toArray()).join('');
    if (answers !== '+OK\r\n+OK\r\n') throw new Error(`the cache is not empty: ${answers}`);
  };
  const stop = async (): Promise<void> => {
    gate.close();
    server.kill('SIGKILL');
    if (server.exitCode === null) await once(server, 'exit');
  };
  return { gate, refused, empty, stop };
}

/** A good token becomes the password that the server knows; all else goes through as it is. */
function admit(words: string[], expected: Expected): { words?: string[]; why?: string } {
  const at = words.findIndex((word) => word.toUpperCase() === 'AUTH');
  if (at < 0 || !['AUTH', 'HELLO'].includes((words[0] as string).toUpperCase())) return { words };
  const [user = '', token = ''] = words.slice(at + 1);
  const why = wrongWith(token, user, expected);
  return why === undefined ? { words: words.with(at + 2, password) } : { why };
}
