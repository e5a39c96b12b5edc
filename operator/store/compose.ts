import { GraphBuilder, type Graph } from '../model/graph.ts';
import type { Owner } from '../model/identity.ts';
import { composeCache } from './sections/cache.ts';
import { composeCdn } from './sections/cdn.ts';
import { composeCompute } from './sections/compute.ts';
import { composeContent, contentOrigin } from './sections/content.ts';
import { composeDatabase } from './sections/database.ts';
import { composeDomain } from './sections/domain.ts';
import { composeIdentity } from './sections/identity.ts';
import { composeLoadBalancer } from './sections/load-balancer.ts';
import { composeMonitoring } from './sections/monitoring.ts';
import { composeNetwork } from './sections/network.ts';
import { composeNotifications } from './sections/notifications.ts';
import { composeRecords } from './sections/records.ts';
import type { EcomStoreSpec } from './spec.ts';

export interface StoreToCompose {
  readonly owner: Owner;
  readonly account: string;
  /** With all defaults filled in. */
  readonly spec: EcomStoreSpec;
  /** The permissions boundary that the installation has for all roles. */
  readonly boundary?: string | undefined;
}

/**
 * The recipe of a store: from its spec to the graph of all resources it needs. Pure; the golden files keep it. What
 * cannot be, as user data beyond AWS's limit, is refused at the resource that it is for: all else is healed.
 */
export function compose(store: StoreToCompose): Graph {
  const graph = new GraphBuilder();
  const site = { ...store, graph };
  const { spec } = store;
  const network = composeNetwork(site);
  const domain = composeDomain(site);
  const loadBalancer = composeLoadBalancer(site, network, domain);
  const cdn = spec.cdn && composeCdn(site, domain, loadBalancer, contentOrigin(site));
  const front = cdn?.front ?? { ...loadBalancer, evaluateHealth: true };
  const content = spec.content && composeContent(site, cdn?.distributionArn);
  const database = spec.database && composeDatabase(site, network);
  const cache = spec.cache && composeCache(site, network);
  const identity = composeIdentity(site, loadBalancer, front);
  const offers = [
    ...[database, cache, identity.offer, content, cdn?.offer],
    spec.notifications && composeNotifications(site, spec.notifications),
  ];
  composeCompute(
    site,
    network,
    loadBalancer,
    offers.filter((offer) => offer !== undefined),
  );
  if (spec.monitoring) composeMonitoring(site, loadBalancer);
  composeRecords(site, domain, front, identity.rules);
  return graph.graph();
}
