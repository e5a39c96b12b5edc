import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { load } from 'js-yaml';
import { furnish, homeRegion } from './account.ts';
import { startAwsFront } from './aws/front/server.ts';
import { createSimulatedAws } from './aws/simulated-aws.ts';
import type { Exchange } from './aws/wire/exchange.ts';
import { FastClock } from './clock.ts';
import { startKubernetes } from './kube/start.ts';

const help = `The simulated AWS and Kubernetes API, on loopback.

Usage: npm run simulator -- [--aws-port N] [--kube-port M] [--speed S] [--seed K] [--record FILE]

  --aws-port N    port of the AWS front; any free one unless given
  --kube-port M   port of the Kubernetes API; any free one unless given
  --speed S       how many times as fast as real time AWS's clock runs (1)
  --seed K        the seed of every choice (1)
  --record FILE   keeps every AWS request and reply there, a line of JSON each, without credentials (bodies are kept)

It prints one line of JSON when it is ready, and ends on SIGINT or SIGTERM.
On the AWS front: GET /_simulator/ledger, GET /_simulator/wire, POST /_simulator/faults, GET /_simulator/health.
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${help}`);
  process.exit(2);
}

function whole(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > most)
    fail(`--${name} ${text}: it must be a whole number from 0 to ${most}`);
  return number;
}

function readArgs() {
  try {
    return parseArgs({
      options: {
        'aws-port': { type: 'string', default: '0' },
        'kube-port': { type: 'string', default: '0' },
        speed: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        record: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const values = readArgs();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const speed = Number(values.speed);
if (!(speed >= 1 && speed <= 10_000)) fail(`--speed ${values.speed}: it must be a number from 1 to 10000`);
const seed = whole('seed', values.seed, 2 ** 31);

/** Bodies may hold what somebody keeps secret: only the owner reads them. */
function recordTo(file: string): (exchange: Exchange) => void {
  writeFileSync(file, '', { mode: 0o600 });
  return (exchange) => appendFileSync(file, `${JSON.stringify(exchange)}\n`);
}

const clock = new FastClock(speed);
const aws = createSimulatedAws({ clock, seed });
furnish(aws.world);
const record = values.record === undefined ? undefined : recordTo(values.record);
const awsFront = await startAwsFront({ aws, port: whole('aws-port', values['aws-port'], 65_535), record });
const crd = load(readFileSync(new URL('../crds/ecomstores.ecom.io.yaml', import.meta.url), 'utf8')) as object;
// Kubernetes keeps real time: leases and events are measured by whoever uses it.
const kubernetes = await startKubernetes({
  port: whole('kube-port', values['kube-port'], 65_535),
  clock: new FastClock(),
  seed,
  crds: [crd],
});
const folder = mkdtempSync(join(tmpdir(), 'ecomstore-simulator-'));
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, kubernetes.kubeconfig, { mode: 0o600 });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all([awsFront.close(), kubernetes.close()]);
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

const ready = {
  aws: {
    endpoint: awsFront.endpoint,
    region: homeRegion,
    accessKeyId: 'AKIASIMULATOR0000001',
    secretAccessKey: 'simulated',
  },
  kubernetes: { server: kubernetes.server, kubeconfig },
};
process.stdout.write(`${JSON.stringify(ready)}\n`);
