import type { Log } from '../../operator/model/log.ts';

export interface Entry {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: object;
}

/** A log that a test can read. */
export function logBook(): Log & { readonly entries: Entry[] } {
  const entries: Entry[] = [];
  const at = (level: keyof Log) => (fields: object, message: string) => void entries.push({ level, fields, message });
  return { entries, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
