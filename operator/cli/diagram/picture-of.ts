import type { Graph } from '../../model/graph.ts';
import { offlineGraph, type StoreInFile } from '../stores-in.ts';
import { boxesOf } from './boxes.ts';
import type { Picture } from './picture.ts';
import { reachOf } from './reach.ts';
import { tiersOf, vpcOf, zonesOf } from './surroundings.ts';

/** What a store will look like, told offline: no account is asked, so what AWS alone knows is named, not shown. */
export function pictureOf(store: StoreInFile): Picture {
  const { spec, graph } = offlineGraph(store);
  return pictureOfGraph(graph, {
    store: `${store.namespace}/${store.name}`,
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
