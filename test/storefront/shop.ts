import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storePath } from '../../operator/store/site.ts';
import { homeRegion } from '../../simulator/account.ts';
import { resolveWithin } from '../../simulator/aws/route53/resolve.ts';
import { messages } from '../../simulator/aws/sns/kinds.ts';
import { addWholeStore } from '../foreign/whole-store.ts';
import { foreignEnvironment } from '../support/foreign.ts';
import { judgedFront } from '../support/judged-front.ts';
import { VirtualWorld } from '../support/virtual-world.ts';
import { startCache } from './caches.ts';
import { certificatesFor } from './certificates.ts';
import { startDatabases } from './databases.ts';
import { gateTo } from './gate.ts';
import { startProcess, type Process } from './processes.ts';

const credentials = {
  accessKeyId: 'AKIATEST',
  secretAccessKey: 'the-secret-key-of-the-role',
  sessionToken: 'the/session+token=of-the-role',
};

/** A store as the operator built it on the simulated AWS, with a real database and cache at the ends of its names. */
export async function openShop() {
  const world = new VirtualWorld();
  const store = addWholeStore(world);
  await world.settle(store);
  const front = await judgedFront({ aws: world.aws });
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));

  const parameters = new Map<string, string>();
  interface Page {
    readonly Parameters: { Name: string; Value: string }[];
    readonly NextToken?: string;
  }
  const path = `${storePath(store.owner)}/`;
  let next: string | undefined;
  do {
    const page = { Path: path.slice(0, -1), Recursive: true, NextToken: next };
    const { Parameters, NextToken } = await world.other<Page>('ssm', 'GetParametersByPath', page);
    for (const { Name, Value } of Parameters) parameters.set(Name.slice(path.length), Value);
    next = NextToken;
  } while (next !== undefined);
  const told = (name: string): string => {
    const value = parameters.get(name);
    if (value === undefined) throw new Error(`the store tells no ${name}`);
    return value;
  };
  const keyHost = `public-keys.auth.elb.${homeRegion}.amazonaws.com`;
  const issuer = new URL(told('identity/issuer'));
  const hosts = {
    writer: told('database/writer'),
    replicas: [told('database/replica-1'), told('database/replica-2')] as const,
    cache: [told('cache/host'), told('cache/reader-host')] as const,
  };
  const reader = told('database/reader');
  const names = join(folder, 'names-inside');
  const leadTo = (...answers: readonly string[]) => writeFileSync(names, JSON.stringify({ [reader]: answers }));
  const vpc = { id: world.idOf(store, 'network/vpc'), region: homeRegion };
  const answers = resolveWithin(world.aws.world, vpc, reader);
  leadTo(...answers);
  const certificates = certificatesFor([hosts.writer, ...hosts.replicas, ...hosts.cache, keyHost, issuer.host], folder);

  const databases = await startDatabases(certificates);
  const secretArn = told('database/secret-arn');
  const readSecret = async () => {
    const secret = { SecretId: secretArn };
    const { SecretString } = await world.other<{ SecretString: string }>('secretsmanager', 'GetSecretValue', secret);
    return JSON.parse(SecretString) as { username: string; password: string };
  };
  const first = await readSecret();
  databases.sql(`CREATE ROLE ${first.username} LOGIN PASSWORD '${first.password}'`, 'writer', 'postgres');
  databases.sql(`CREATE DATABASE ${told('database/name')} OWNER ${first.username}`, 'writer', 'postgres');

  const user = told('cache/user');
  const { Users } = await world.other<{ Users: { UserName: string; AccessString: string }[] }>(
    ...(['elasticache', 'DescribeUsers', {}] as const),
  );
  const cache = await startCache(folder, {
    ...{ certificates, expected: { ...credentials, region: homeRegion, cacheName: told('cache/name'), user } },
    accessString: Users.find(({ UserName }) => UserName === user)?.AccessString ?? '',
  });

  const keys = new Map<string, KeyObject>();
  const ofPool = new Map<string, KeyObject>();
  const poolKeys = () =>
    JSON.stringify({ keys: [...ofPool].map(([kid, key]) => ({ ...key.export({ format: 'jwk' }), kid })) });
  const keyServer = createServer({ key: certificates.key, cert: certificates.certificate }, (request, response) => {
    if (request.url === `${issuer.pathname}/.well-known/jwks.json`) return void response.end(poolKeys());
    const key = keys.get((request.url ?? '').slice(1));
    response.writeHead(key ? 200 : 403).end(key?.export({ type: 'spki', format: 'pem' }));
  });
  keyServer.listen(0, '127.0.0.1');
  await once(keyServer, 'listening');

  const writerGate = await gateTo(databases.writerPort);
  const replicaGates = [await gateTo(databases.replicaPort), await gateTo(databases.replicaPort)] as const;
  const databasePort = told('database/port');
  const routes = {
    [`${hosts.writer}:${databasePort}`]: writerGate.port,
    ...Object.fromEntries(hosts.replicas.map((host, at) => [`${host}:${databasePort}`, replicaGates[at]?.port])),
    ...Object.fromEntries(hosts.cache.map((host) => [`${host}:${told('cache/port')}`, cache.gate.port])),
    [`${keyHost}:443`]: (keyServer.address() as AddressInfo).port,
    [`${issuer.host}:443`]: (keyServer.address() as AddressInfo).port,
  };

  const processes: Process[] = [];
  return {
    ...{ world, path, told, databases, cache, replicaGates, processes, readSecret, secretArn },
    /** Where the read name leads an instance of the store, as the operator has it. */
    answers,
    /** From now on the read name leads there. */
    leadTo,
    hosts,
    secrets: [first.password, credentials.secretAccessKey, credentials.sessionToken],
    /** What was published to a topic of the store. */
    published: (topic: string) =>
      world.aws.world
        .collection(homeRegion, messages)
        .all()
        .filter(({ topicArn }) => topicArn === told(`notifications/${topic}/arn`))
        .map(({ text }) => JSON.parse(text) as unknown),
    /** A key that the region publishes. */
    newKey: (kid: string = randomUUID()) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      keys.set(kid, publicKey);
      return { kid, privateKey };
    },
    /** A key that the user pool publishes. */
    newPoolKey: () => {
      const kid = randomUUID();
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      ofPool.set(kid, publicKey);
      return { kid, privateKey };
    },
    /** A process as it runs on an instance: what user data gives it, and nothing else of the store. */
    start: async (): Promise<Process> => {
      const started = await startProcess({
        ...foreignEnvironment(front.endpoint),
        ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
        ...{ AWS_SESSION_TOKEN: credentials.sessionToken, ECOM_PARAMETERS: path, ECOM_REGION: homeRegion },
        ...{ RDS_CA_BUNDLE: certificates.authority, NODE_EXTRA_CA_CERTS: certificates.authority },
        TEST_ROUTES: JSON.stringify(routes),
        TEST_NAMES: names,
      });
      processes.push(started);
      return started;
    },
    close: async (): Promise<void> => {
      for (const one of processes) {
        one.stop('SIGKILL');
        await one.ended;
      }
      for (const gate of [writerGate, ...replicaGates]) gate.close();
      keyServer.close();
      await cache.stop();
      await databases.stop();
      await front.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
