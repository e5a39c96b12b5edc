import type { JsonObject } from './json.ts';
import { Refusal } from './refusal.ts';
import type { Watch } from './watch.ts';

/** What comes back: an answer, a stream of events, or what a fault makes of it. */
export type ApiAnswer =
  | {
      readonly kind: 'whole';
      readonly code: number;
      readonly headers: Readonly<Record<string, string | string[]>>;
      readonly body: string;
    }
  | { readonly kind: 'watch'; readonly watch: Watch }
  | { readonly kind: 'silence' | 'reset' };

/** A text is told as it is, an object as JSON. */
export function whole(
  code: number,
  body: JsonObject | string,
  headers: Readonly<Record<string, string | string[]>> = {},
): ApiAnswer {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { kind: 'whole', code, headers: { 'content-type': type, ...headers }, body: text };
}

export function refused(refusal: Refusal): ApiAnswer {
  const { retryAfterSeconds } = refusal;
  return whole(
    refusal.code,
    refusal.status(),
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );
}

/** Warnings are headers, which kubectl prints: https://kubernetes.io/docs/reference/using-api/api-concepts/#warnings */
export function warning(warnings: readonly string[], answer: ApiAnswer): ApiAnswer {
  if (answer.kind !== 'whole' || warnings.length === 0) return answer;
  const told = warnings.map((text) => `299 - "${text.replace(/[\\"]/g, '\\$&')}"`);
  return { ...answer, headers: { ...answer.headers, warning: told } };
}

/** A refusal is an answer, too. */
export function answered(answer: () => ApiAnswer): ApiAnswer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    throw error;
  }
}
