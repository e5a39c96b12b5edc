import { isObject, type JsonObject } from './json.ts';
import { jsonPatch } from './json-patch.ts';
import { mediaTypes, patchTypes, type Kind } from './kind.ts';
import { badRequest, unsupportedMediaType } from './refusal.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

/** What a patch does to an object, whatever the type of the patch. */
export function applyPatch(kind: Kind, contentType: string, patch: unknown): (target: JsonObject) => unknown {
  const accepted = patchTypes(kind);
  if (contentType.startsWith('application/apply-patch'))
    throw unsupportedMediaType(accepted, 'this simulated API server does not do server-side apply');
  if (!accepted.includes(contentType)) throw unsupportedMediaType(accepted);
  if (contentType === mediaTypes.jsonPatch) return (target) => jsonPatch(target, patch);
  if (!isObject(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}');
  if (contentType === mediaTypes.mergePatch) return (target) => mergePatch(target, patch);
  return (target) => strategicMergePatch(target, patch);
}

/** https://www.rfc-editor.org/rfc/rfc7386 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  return merged;
}
