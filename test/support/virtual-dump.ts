import type { Exchange, LoggedCall } from './exchange.ts';
import type { VirtualOperator } from './virtual-operator.ts';

/** What somebody needs to know who wants to find out why a history did not go on. */
export function dumpOf(world: VirtualOperator): string {
  const began = world.exchange.calls[0]?.at ?? 0;
  return [
    `at ${clock(world.timers.now() - began)} since the first call`,
    ...storesOf(world),
    `AWS has ${world.ledger.existing().length} resources: ${counted(world.ledger.existing().map(({ type }) => type))}`,
    `what was planned and has happened: ${struck(world.exchange)}`,
    ...world.processes.flatMap(({ number, state, log }) => [
      `process ${number} ${state}; its last words:`,
      ...log.entries.slice(-15).map(({ level, message, fields }) => `  ${level} ${message} ${short(fields)}`),
    ]),
    'the last calls:',
    ...world.exchange.calls.slice(-40).map((call) => `  ${lineOf(call, began)}`),
  ].join('\n');
}

/** One call in one line; without what was sent, which is long. */
export function lineOf({ at, process, number, what, outcome }: LoggedCall, began = 0): string {
  return `${clock(at - began)} p${process} ${number === undefined ? '' : `#${number} `}${what} ${outcome}`;
}

const storesOf = (world: VirtualOperator): string[] =>
  [...world.kube.world.storage.at('ecom.io/ecomstores').values()].flatMap((object) => {
    const { metadata } = object;
    const handle = { namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid };
    const status = world.status(handle);
    const open = (status?.resources ?? []).filter((one) => (one as { standing?: string }).standing !== 'ready');
    return [
      `store ${handle.namespace}/${handle.name} generation ${metadata.generation}${metadata.deletionTimestamp ? ', is being deleted' : ''}`,
      ...(status?.conditions ?? []).map((condition) => `  ${short(condition)}`),
      ...open.map((one) => `  ${short(one)}`),
      `  journal ${short(world.object(handle)?.status?.journal ?? [])}`,
    ];
  });

const struck = ({ struck: all }: Exchange): string =>
  all.length === 0
    ? 'nothing'
    : all.map(({ call, disturbance }) => `${short(disturbance)} at ${lineOf(call)}`).join('; ');

function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value, (_, part: unknown) => (part instanceof Error ? part.stack : part));
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
};

/** `1:02:03.004` */
function clock(millis: number): string {
  const whole = Math.floor(millis / 1000);
  const two = (part: number): string => String(part).padStart(2, '0');
  const parts = [Math.floor(whole / 3600), two(Math.floor(whole / 60) % 60), two(whole % 60)];
  return `${parts.join(':')}.${String(Math.round(millis % 1000)).padStart(3, '0')}`;
}
