import { causesAgainst } from './crd/admit.ts';
import { fillIn } from './crd/defaults.ts';
import { wholeSchema } from './decode.ts';
import { without } from './json.ts';
import type { Kind } from './kind.ts';
import type { KubeObject } from './object.ts';
import { invalid, type Cause } from './refusal.ts';

/** With the defaults of its schema, as every later read would show it, and with what its kind adds. */
export function completed(kind: Kind, object: KubeObject): KubeObject {
  const filled = kind.custom ? (fillIn(wholeSchema(kind), object) as KubeObject) : object;
  return kind.complete?.(filled) ?? filled;
}

/** Refuses an object for what its schema, its rules or its kind hold against it, after what was found before. */
export function refuseIfWrong(
  kind: Kind,
  now: KubeObject,
  before: KubeObject | undefined,
  earlier: readonly Cause[],
): void {
  const causes = kind.custom
    ? causesAgainst(kind.schema, named(now), before, earlier)
    : [...earlier, ...(kind.causes?.(now) ?? [])];
  if (causes.length > 0) throw invalid(kind, now.metadata.name, causes);
}

/** The schema does not look at a name that is missing. */
const named = (object: KubeObject): KubeObject =>
  object.metadata.name === '' ? ({ ...object, metadata: without(object.metadata, 'name') } as KubeObject) : object;
