import type { Handle } from '../../model/graph.ts';
import type { Ref } from '../../model/ref.ts';
import { parameter } from '../../resources/ssm/parameter.ts';
import { storePath, type Site } from '../site.ts';
import type { LoadBalancing } from './load-balancer.ts';

/**
 * The contract with the application: parameters below `/ecom/<namespace>/<name>/` that only the store's own instances
 * may read. Answers those that an instance needs when it starts.
 */
export function composeParameters({ graph, spec, owner }: Site, loadBalancing: LoadBalancing): Handle<unknown>[] {
  const keep = (what: string, value: string | Ref<string>, description: string) =>
    graph.add(parameter, `compute/parameter-${what.replaceAll('/', '-')}`, {
      name: `${storePath(owner)}/${what}`,
      value,
      description,
    });
  keep('load-balancer/dns-name', loadBalancing.dnsName, 'DNS name of the load balancer');
  return [
    keep('host', spec.domain.host, 'Host name of the store'),
    keep('url', `https://${spec.domain.host}`, 'URL of the store'),
    keep('region', spec.region, 'AWS region of the store'),
    keep('log-group', `${storePath(owner)}/app`, 'Log group for the application'),
  ];
}
