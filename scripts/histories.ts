import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { campaign, figures } from '../test/simulation/histories/campaign.ts';
import { parsedOr } from './arguments.ts';
import { inShards, tellWhole, wholeOption } from './shards.ts';

const help = `Random histories of the whole operator on virtual time, each from one seed, judged on the ledger.

Usage: npm run histories -- [--seeds N] [--first K] [--known K,...] [--minutes M] [--workers W]

  --seeds N     how many seeds (2000)
  --first K     the first of them (1)
  --known K,... seeds that are known to break an invariant (docs/roadmap.md): they are played and told, and it is an
                error when one of them breaks none any more
  --minutes M   begin none after so long, and be content with what was played
  --workers W   how many processes share them (one a core)

It prints a line of figures a process, and ends with 1 when a history broke an invariant: of each it says at once how to
play that seed again. Standard error tells of every hundredth seed. Stopped before its end it says which seeds were
played; where somebody else stopped it (SIGINT, SIGTERM) it ends with 1 as well.
`;

const whole = (name: string, text: string): number => wholeOption(name, text, help);

const { values } = parsedOr(help, {
  options: {
    seeds: { type: 'string', default: '2000' },
    first: { type: 'string', default: '1' },
    known: { type: 'string', default: '' },
    minutes: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    shard: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const mostMillis = values.minutes === undefined ? Infinity : whole('minutes', values.minutes) * 60_000;
const [seeds, first, workers] = [
  whole('seeds', values.seeds),
  whole('first', values.first),
  whole('workers', values.workers),
];

const began = Date.now();
const seconds = (): number => Math.round((Date.now() - began) / 1000);

if (values.shard === undefined) {
  let played = 0;
  const hear = (): void => {
    played += 1;
    if (played % 100 === 0) process.stderr.write(`${played} of ${seeds}, after ${seconds()} s\n`);
  };
  const wentWell = await inShards(workers, { file: fileURLToPath(import.meta.url), hear });
  process.stdout.write(`${played} of ${seeds} seeds from ${first} on were played, in ${seconds()} s\n`);
  process.exit(wentWell ? 0 : 1);
}

const mine = Array.from({ length: seeds }, (_, i) => first + i).filter(
  (seed) => seed % workers === Number(values.shard),
);
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopped = true));
const known = new Set(values.known.split(',').flatMap((seed) => (seed === '' ? [] : [whole('known', seed)])));
/** Histories that broke an invariant and are not known to, or are known to and broke none. */
let surprises = 0;
const sum = await campaign(mine, {
  isStopped: () => isStopped || Date.now() - began > mostMillis,
  onPlayed: async (seed, failure) => {
    if ((failure !== undefined) !== known.has(seed)) surprises += 1;
    const how = known.has(seed) ? `KNOWN, see docs/roadmap.md: seed ${seed}` : '';
    const what = failure ?? (how ? 'breaks nothing any more: take it from --known' : '');
    if (how || what) process.stdout.write(`${how ? `${how}\n` : ''}${what}\n\n`);
    await tellWhole('played');
  },
});
const which = sum.seeds < mine.length ? `stopped; played were the seeds ${span(mine.slice(0, sum.seeds))}\n` : '';
process.stdout.write(`${figures(sum)}\n${which}`);
process.exit(surprises > 0 || isStopped ? 1 : 0);

/** Seeds that lie as far apart as there are workers, in few words. */
function span(some: readonly number[]): string {
  if (some.length < 2) return some.join() || 'none';
  return `${some[0]} to ${some.at(-1)}${workers > 1 ? `, one of every ${workers}` : ''}`;
}
