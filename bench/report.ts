import type { ProcessFigures } from './process.ts';
import type { TerraformFigures } from './terraform.ts';
import type { StoreFigures } from './world.ts';

export interface Figures {
  readonly store: string;
  readonly passesPerSecond: number;
  readonly path: { readonly aws: number; readonly ours: number };
  readonly operator: readonly StoreFigures[];
  readonly terraform: readonly TerraformFigures[];
  readonly processes: readonly ProcessFigures[];
}

const round = (value: number, digits = 2): string => String(Number(value.toFixed(digits)));

/** The figures as tables in Markdown. */
export function report({ store, passesPerSecond, path, operator, terraform, processes }: Figures): string {
  // Terraform counts routes, associations and rules apart; both sides are divided by its count of one store.
  const [reference] = terraform;
  const each = reference ? reference.resources / reference.stores : undefined;
  const rows = [
    ...operator.map((figures) => operatorRow(figures, each ?? figures.resources / figures.stores)),
    ...terraform.map((figures) => terraformRow(figures, each ?? 1)),
  ];
  const per = each === undefined ? 'node of the store (no Terraform here)' : `Terraform resource (${each} a store)`;
  return [
    `| ${store} | build: calls (writes) | a resource | without watching | a resource | watch an hour: calls | a store and minute | heal two drifts | remove: calls (writes) | a resource | without watching | a resource |`,
    `| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |`,
    ...rows,
    '',
    `A resource is one ${per}. Terraform looks once in an hour: one plan. Without watching is another run, by an operator that reads nothing again only because time has passed.`,
    `From apply to Ready: ${round(path.ours, 0)} s of AWS's clock, ${round(path.ours / path.aws)} times the ${round(path.aws, 0)} s that an operator needs which looks twenty times a second.`,
    `Quiet passes: ${passesPerSecond} a second.`,
    ...operator.flatMap(blockedLine),
    ...operator.map(cpuLine),
    ...processes.map(processLine),
    '',
  ].join('\n');
}

const blockedLine = ({ stores, blockedHour }: StoreFigures): string[] =>
  blockedHour
    ? [
        `Where the account's own public access block is on, watching ${stores} stores takes ${blockedHour.calls} calls an hour, ${round(blockedHour.calls / stores / 60)} a store and minute.`,
      ]
    : [];

function operatorRow({ stores, build, alone, hour, heal, remove }: StoreFigures, each: number): string {
  const resources = each * stores;
  return row(
    `operator, ${stores}`,
    `${build.calls} (${build.writes})`,
    round(build.calls / resources),
    String(alone.build.calls),
    round(alone.build.calls / resources),
    `${hour.calls} (${hour.writes} writes)`,
    round(hour.calls / stores / 60),
    `${heal.calls} (${heal.writes})`,
    `${remove.calls} (${remove.writes})`,
    round(remove.calls / resources),
    String(alone.remove.calls),
    round(alone.remove.calls / resources),
  );
}

function terraformRow({ stores, build, look, heal, remove }: TerraformFigures, each: number): string {
  const resources = each * stores;
  return row(
    `Terraform, ${stores}`,
    `${build.calls} (${build.writes})`,
    round(build.calls / resources),
    '',
    '',
    `${look.calls} a plan`,
    `${round(look.calls / stores)} a plan`,
    `${heal.calls} (${heal.writes})`,
    `${remove.calls} (${remove.writes})`,
    round(remove.calls / resources),
    '',
    '',
  );
}

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const cpuLine = ({ stores, build, hour, remove }: StoreFigures): string =>
  `CPU on virtual time with ${stores} stores, the simulator's with it: ${round(build.cpuSeconds, 0)} s to build, ${round(hour.cpuSeconds, 0)} s for the hour, ${round(remove.cpuSeconds, 0)} s to remove.`;

const processLine = (one: ProcessFigures): string =>
  `The process with ${one.stores} stores: first pass after ${round(one.startSeconds)} s; ${round(one.residentMegabytes, 0)} MB resident (${round(one.peakMegabytes, 0)} MB at most after the build); ${round(one.buildCpuSeconds, 1)} s of CPU for the build.`;
