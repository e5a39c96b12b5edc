import type { Calls } from './calls.ts';
import type { Figures } from './report.ts';

/** Which calls: a table for each run, by operation, those first that cost most in an hour. */
export function detail({ operator, terraform }: Figures): string {
  return [
    ...operator.map(({ stores, build, alone, hour, heal, remove }) =>
      table(`operator, ${stores}`, {
        build,
        'watch an hour': hour,
        'build without watching': alone.build,
        heal,
        remove,
        'remove without watching': alone.remove,
      }),
    ),
    ...terraform.map(({ stores, build, look, heal, remove }) =>
      table(`Terraform, ${stores}`, { build, look, heal, remove }),
    ),
  ].join('\n');
}

function table(title: string, stretches: Readonly<Record<string, Calls>>): string {
  const counts = Object.values(stretches).map(({ byOperation }) => byOperation);
  const of = (name: string): number[] => counts.map((one) => one[name] ?? 0);
  const names = [...new Set(counts.flatMap((one) => Object.keys(one)))];
  const byCost = (a: string, b: string): number => (of(b)[1] ?? 0) - (of(a)[1] ?? 0) || sum(of(b)) - sum(of(a));
  const rows = names.sort(byCost).map((name) => `| ${[name, ...of(name)].join(' | ')} |`);
  const heads = [title, ...Object.keys(stretches)];
  return ['', `| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...rows, ''].join('\n');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
