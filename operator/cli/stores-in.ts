import type { Graph } from '../model/graph.ts';
import { compose } from '../store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec, type EcomStoreSpec } from '../store/spec.ts';
import { check, findingText } from './checking.ts';
import { UserError, type Io } from './io.ts';

/** A store as its manifest has it. */
export interface StoreInFile {
  readonly namespace: string;
  readonly name: string;
  readonly spec: EcomStoreManifestSpec;
}

interface StoreManifest {
  readonly metadata: { readonly namespace?: string; readonly name: string };
  readonly spec: EcomStoreManifestSpec;
}

/** The stores of a file, all well formed and at least one; else it throws what `validate` would tell. */
export async function storesIn(io: Io, file: string, namespace: string): Promise<[StoreInFile, ...StoreInFile[]]> {
  const { stores, skipped, findings } = check(file, await io.read(file));
  for (const name of skipped) io.note(`${file}: skipped ${name}`);
  if (findings.length > 0) throw new UserError(findings.map(findingText).join('\n'));
  const [first, ...more] = stores.map(({ value }) => {
    const { metadata, spec } = value as StoreManifest;
    return { namespace: metadata.namespace ?? namespace, name: metadata.name, spec };
  });
  if (!first) throw new UserError(`${file}: there is no EcomStore in it`);
  return [first, ...more];
}

/** A store's graph, composed offline: the account is asked for nothing, so what AWS alone knows stays open in it. */
export function offlineGraph(store: StoreInFile): { readonly spec: EcomStoreSpec; readonly graph: Graph } {
  const { namespace, name } = store;
  const spec = withDefaults(store.spec);
  const owner = { installation: 'default', namespace, name, uid: '00000000-0000-0000-0000-000000000000' };
  return { spec, graph: compose({ owner, account: '000000000000', spec }) };
}
