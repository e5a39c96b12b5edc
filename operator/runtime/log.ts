import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Names under which something secret may travel, whatever their case and however deep. */
const secret =
  /^(.*(password|passwd|secret|token|credential|authorization|cookie|private[-_]?key|secretaccesskey).*|user-?_?data)$/i;
/** Names that look like it and are none: what a page or a client token is called. */
const harmless = /^(nextToken|continue|clientToken|idempotencyToken|tokens?Count)$/i;
const hidden = '[hidden]';

/** A copy of a log's fields in which nothing secret is left; errors become plain. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return withoutSecrets(plain(value), depth);
  if (typeof value === 'string') return withoutBearer(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > 8) return '[deeper]';
  if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      secret.test(name) && !harmless.test(name) ? hidden : withoutSecrets(part, depth + 1),
    ]),
  );
}

const withoutBearer = (text: string): string => text.replace(/\b(Bearer|Basic) [\w.~+/=-]{8,}/g, `$1 ${hidden}`);

function plain(error: Error): object {
  const { type, message, stack } = stdSerializers.err(error);
  const { kind, facts } = error as { kind?: unknown; facts?: { cause?: unknown } };
  // The cause of a fault is an SDK's error, with the whole request in it.
  const { cause, ...told } = facts ?? {};
  return { type, message, stack, kind, ...told, ...(cause instanceof Error ? { cause: cause.message } : {}) };
}

/** The log: JSON lines on stdout, written synchronously, so that the last words before an exit are not lost. */
export function openLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => withoutSecrets(fields) as Record<string, unknown>,
    },
    serializers: { err: (error: unknown) => error },
  };
  return pino(options, destination ?? pino.destination({ fd: 1, sync: true }));
}
