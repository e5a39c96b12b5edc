import type { FaultRule } from './faults.ts';
import { modelOf, serviceIds, type ServiceId } from './service-model.ts';

const kinds = ['timeout', 'reset', 'throttle', 'deny', 'internal'];
const members = ['service', 'operation', 'count', 'skip', 'probability', 'when', 'error', 'latencyMillis'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown, most = Infinity): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= most);
const isWhole = (value: unknown): boolean => isNumber(value) && (value === undefined || Number.isInteger(value));

/**
 * Faults as somebody asks for them from outside: a misspelt one would never strike, and its test would pass for
 * nothing. Answers the rules, or what is wrong with them.
 */
export function readFaultRules(added: unknown): { rules: FaultRule[] } | { wrong: string } {
  if (!Array.isArray(added)) return { wrong: 'add must be a list of rules' };
  const wrong = added.flatMap((rule: unknown, index) => {
    const what = isObject(rule) ? complaint(rule) : 'it must be an object';
    return what === undefined ? [] : [`add[${index}]: ${what}`];
  });
  return wrong.length > 0 ? { wrong: wrong.join('; ') } : { rules: added as FaultRule[] };
}

function complaint(rule: Record<string, unknown>): string | undefined {
  const unknown = Object.keys(rule).filter((name) => !members.includes(name));
  if (unknown.length > 0) return `there is no ${unknown.join(', ')} in a rule; there are ${members.join(', ')}`;
  const { service, operation, count, skip, probability, when, error, latencyMillis } = rule;
  if (service !== undefined && !serviceIds.includes(service as ServiceId))
    return `there is no service ${JSON.stringify(service)}; there are ${serviceIds.join(', ')}`;
  const places = service === undefined ? serviceIds : [service as ServiceId];
  if (
    operation !== undefined &&
    !places.some((one) => typeof operation === 'string' && Object.hasOwn(modelOf(one).operations, operation))
  )
    return `there is no operation ${JSON.stringify(operation)} in ${places.join(', ')}`;
  if (!isWhole(count) || !isWhole(skip) || !isNumber(latencyMillis))
    return 'count and skip are whole numbers, latencyMillis is a number';
  if (!isNumber(probability, 1)) return 'probability is a number from 0 to 1';
  if (when !== undefined && when !== 'before' && when !== 'after') return 'when is before or after';
  const named = isObject(error) && typeof error['code'] === 'string';
  if (error !== undefined && !named && !kinds.includes(error as string))
    return `error is one of ${kinds.join(', ')}, or {"code": ..., "message": ..., "status": ...}`;
  if (error === undefined && latencyMillis === undefined) return 'a rule has an error, a latencyMillis, or both';
  return undefined;
}
