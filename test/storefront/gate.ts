import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be shut and opened again, as if the server were away. */
export interface Gate {
  readonly port: number;
  shut(): void;
  open(): void;
  close(): void;
}

/** Both ends of a way go together. */
export function joined(one: Socket, other: Socket): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => peer.destroy());
    socket.on('close', () => peer.destroy());
  }
}

/** `admit` leads a client to its server; left out, all goes to `port` of this machine. */
export async function gateTo(to: number | ((client: Socket) => void)): Promise<Gate> {
  const clients = new Set<Socket>();
  let isShut = false;
  const server = createServer((client) => {
    if (isShut) return void client.destroy();
    clients.add(client);
    client.on('close', () => clients.delete(client));
    if (typeof to === 'function') return to(client);
    const upstream = connect(to, '127.0.0.1');
    joined(client, upstream);
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const drop = (): void => clients.forEach((client) => client.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => {
      isShut = true;
      drop();
    },
    open: () => void (isShut = false),
    close: () => {
      server.close();
      drop();
    },
  };
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
