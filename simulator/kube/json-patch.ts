import { isObject, sameJson, type JsonObject } from './json.ts';
import { badRequest, Refusal } from './refusal.ts';

/** What the API server says of a patch that cannot be applied, whatever the cause. */
const rejected = (): Refusal =>
  new Refusal({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

/** https://www.rfc-editor.org/rfc/rfc6902 */
export function jsonPatch(target: JsonObject, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  const root = { root: structuredClone(target) as unknown };
  for (const operation of patch as unknown[]) apply(root, operation);
  return root.root;
}

function apply(root: JsonObject, operation: unknown): void {
  if (!isObject(operation) || typeof operation['path'] !== 'string') throw rejected();
  const { op, path, value } = operation;
  const from = typeof operation['from'] === 'string' ? operation['from'] : '';
  switch (op) {
    case 'add':
      return insert(root, path, structuredClone(value));
    case 'replace':
      take(root, path);
      return insert(root, path, structuredClone(value));
    case 'remove':
      return void take(root, path);
    case 'test':
      if (!sameJson(read(root, path), value)) throw rejected();
      return;
    case 'copy':
      return insert(root, path, structuredClone(read(root, from)));
    case 'move':
      return insert(root, path, take(root, from));
    default:
      throw rejected();
  }
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function stepsOf(pointer: string): string[] {
  if (pointer !== '' && !pointer.startsWith('/')) throw rejected();
  const steps = pointer.split('/').slice(1);
  return ['root', ...steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))];
}

function read(root: JsonObject, pointer: string): unknown {
  let at: unknown = root;
  for (const step of stepsOf(pointer)) {
    if (Array.isArray(at)) at = at[indexIn(at, step, at.length - 1)] as unknown;
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step];
    else throw rejected();
  }
  return at;
}

const parentOf = (root: JsonObject, pointer: string): [parent: unknown, last: string] => {
  const steps = stepsOf(pointer);
  const last = steps.at(-1) ?? '';
  if (steps.length === 1) return [root, last];
  return [read(root, pointer.slice(0, pointer.lastIndexOf('/'))), last];
};

function indexIn(list: readonly unknown[], step: string, highest: number): number {
  const index = step === '-' ? list.length : Number(step);
  if (!/^(-|0|[1-9]\d*)$/.test(step) || index > highest) throw rejected();
  return index;
}

function insert(root: JsonObject, pointer: string, value: unknown): void {
  const [parent, last] = parentOf(root, pointer);
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, parent.length), 0, value);
  else if (isObject(parent)) parent[last] = value;
  else throw rejected();
}

function take(root: JsonObject, pointer: string): unknown {
  const value = read(root, pointer);
  const [parent, last] = parentOf(root, pointer);
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, parent.length - 1), 1);
  else if (isObject(parent)) delete parent[last];
  return value;
}
