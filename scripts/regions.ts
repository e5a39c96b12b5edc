import { partition } from '@aws-sdk/core/client';

/**
 * The source of operator/store/regions.json: the regions of the standard partition that this version of the SDK knows by
 * name. It has no list to give, but a description of each; so all names are asked for that the CRD's pattern lets through.
 */
export function regionsJson(pattern: string): string {
  const areas = /^\^\(([a-z|]+)\)-\(([a-z|]+)\)-\[0-9\]\$$/.exec(pattern);
  if (!areas) throw new Error(`the pattern of a region is not what scripts/regions.ts takes it for: ${pattern}`);
  const [prefixes, sides] = [areas[1] as string, areas[2] as string].map((words) => words.split('|')) as [
    string[],
    string[],
  ];
  const names = prefixes.flatMap((prefix) =>
    sides.flatMap((side) => Array.from({ length: 10 }, (_, number) => `${prefix}-${side}-${number}`)),
  );
  // Of a name that only looks like one of a region it tells the partition alone.
  const known = names.filter((name) => (partition(name) as { readonly description?: string }).description);
  return `${JSON.stringify(known.sort(), null, 2)}\n`;
}
