import type { Answer } from './ask.ts';

/** What differs between any two servers: ids, versions, times, and who manages which field. */
const particular = ['uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp', 'continue'];
/** Prose that the stand-in does not repeat. */
const prose = ['managedFields', 'description', 'lastTransitionTime'];

/** An answer without what may differ, so that two can be compared. */
export function comparable({ code, body, warnings }: Answer): unknown {
  return { code, body: plain(body), warnings };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  const entries = Object.entries(object)
    .filter(([name, part]) => !prose.includes(name) && !(name === 'continue' && part === ''))
    .map(([name, part]): [string, unknown] => {
      if (name === 'causes') return [name, causes(part)];
      if (name === 'message' && object['reason'] === 'Invalid')
        return [name, String(part as string).split(' is invalid: ')[0]];
      if (name === 'message') return [name, String(part as string).replace(/in record \([^)]*\)/, 'in record')];
      // Of an age only its unit is sure.
      if (name === 'cells')
        return [name, (part as unknown[]).map((cell) => (/^\d+[smhd]$/.test(String(cell)) ? 'age' : cell))];
      return [name, particular.includes(name) ? typeof part : plain(part)];
    });
  return Object.fromEntries(entries);
}

/** The API server tells causes in the random order of Go's maps, and some of them twice. */
const causes = (given: unknown): string[] =>
  [...new Set((given as unknown[]).map((cause) => JSON.stringify(cause)))].sort();
