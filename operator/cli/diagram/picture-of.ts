import type { Graph } from '../../model/graph.ts';
import { compose } from '../../store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../store/spec.ts';
import { boxesOf } from './boxes.ts';
import type { Picture } from './picture.ts';
import { reachOf } from './reach.ts';
import { tiersOf, vpcOf, zonesOf } from './surroundings.ts';

/** A store as its manifest has it. */
export interface StoreToDraw {
  readonly namespace: string;
  readonly name: string;
  readonly spec: EcomStoreManifestSpec;
}

/** What a store will look like, told offline: no account is asked, so what AWS alone knows is named, not shown. */
export function pictureOf({ namespace, name, spec: given }: StoreToDraw): Picture {
  const spec = withDefaults(given);
  const owner = { installation: 'default', namespace, name, uid: '00000000-0000-0000-0000-000000000000' };
  const graph = compose({ owner, account: '000000000000', spec });
  return pictureOfGraph(graph, {
    store: `${namespace}/${name}`,
    region: spec.region,
    url: `https://${spec.domain.host}`,
  });
}

export function pictureOfGraph(graph: Graph, heading: Pick<Picture, 'store' | 'region' | 'url'>): Picture {
  const tiers = tiersOf(graph);
  const drawn = boxesOf(graph, tiers);
  return {
    ...heading,
    vpc: vpcOf(graph),
    zones: zonesOf(graph),
    tiers,
    boxes: drawn.map(({ box }) => box),
    ...reachOf(graph, drawn),
  };
}
