import { isDeepStrictEqual } from 'node:util';
import type { Terraform } from '../../support/terraform.ts';

/** What a plan would do to one resource. */
export interface Planned {
  /** Without the module's own part: `aws_subnet.public["a"]`. */
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
  readonly imported: boolean;
  /** The attributes that would change, down to the leaf. */
  readonly differing: readonly string[];
}

type Attributes = Readonly<Record<string, unknown>>;

interface ResourceChange {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Attributes | null;
    readonly after: Attributes | null;
    readonly after_unknown: Attributes;
    readonly importing?: object;
  };
}

/** Reads a saved plan. https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
export async function planned(terraform: Terraform, file: string): Promise<Planned[]> {
  const plan = JSON.parse(await terraform.done('show', '-json', file)) as { resource_changes: ResourceChange[] };
  return plan.resource_changes
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, type, change }) => ({
      ...{ address: address.replace('module.store.', ''), type, actions: change.actions },
      imported: change.importing !== undefined,
      differing: differing(change.before ?? {}, change.after ?? {}, change.after_unknown),
    }));
}

const isTree = (value: unknown): value is Attributes => typeof value === 'object' && value !== null;

/** The paths of all that would change: `default_action.0.forward`. A list of another length differs as a whole. */
function differing(before: unknown, after: unknown, unknown: unknown, path = ''): string[] {
  if (unknown === true) return [path];
  const [was, will] = [before, after].map((value) => (isTree(value) ? value : undefined));
  const listed = Array.isArray(before) && Array.isArray(after) && before.length !== after.length;
  if (!was || !will || listed) return isDeepStrictEqual(before ?? null, after ?? null) ? [] : [path];
  const names = new Set([was, will, isTree(unknown) ? unknown : {}].flatMap(Object.keys));
  return [...names].flatMap((name) => {
    const below = isTree(unknown) ? unknown[name] : undefined;
    return differing(was[name], will[name], below, path === '' ? name : `${path}.${name}`);
  });
}
