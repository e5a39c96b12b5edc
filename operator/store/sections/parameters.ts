import type { Handle } from '../../model/graph.ts';
import { secretsPath, storePath, type Site } from '../site.ts';
import type { LoadBalancing } from './load-balancer.ts';
import { publish } from './offer.ts';

/** What every store tells its application. Answers the parameters that an instance needs when it starts. */
export function composeParameters(site: Site, loadBalancing: LoadBalancing): Handle<unknown>[] {
  const { spec, owner } = site;
  publish(site, 'compute', 'load-balancer/dns-name', loadBalancing.dnsName, 'DNS name of the load balancer');
  return [
    publish(site, 'compute', 'host', spec.domain.host, 'Host name of the store'),
    publish(site, 'compute', 'url', `https://${spec.domain.host}`, 'URL of the store'),
    publish(site, 'compute', 'region', spec.region, 'AWS region of the store'),
    publish(
      site,
      'compute',
      'secrets/prefix',
      secretsPath(owner),
      'What the names of secrets for the application begin with',
    ),
    publish(site, 'compute', 'log-group', `${storePath(owner)}/app`, 'Log group for the application'),
  ];
}
