import { storePath, type Site } from '../site.ts';

/** Between double quotes, as both a shell and systemd's EnvironmentFile read it. */
const quoted = (value: string): string => `"${value.replace(/[\\"$`]/g, (character) => `\\${character}`)}"`;

/** It is not the first line any more; what it asks of the shell is set instead. */
const withoutShebang = (script: string): string =>
  script.replace(/^#!.*?( -[a-z]+)? *(\n|$)/, (_line, options?: string) => (options ? `set${options}\n` : ''));

/**
 * The script that an instance runs once, at its first start: it writes the environment to `/etc/ecom/environment`, then
 * runs what the user gave. No secrets go in here: whoever may describe the launch template can read it.
 */
export function userData({ spec, owner }: Pick<Site, 'spec' | 'owner'>): string {
  const environment = {
    PORT: String(spec.compute.port),
    ECOM_STORE: `${owner.namespace}/${owner.name}`,
    ECOM_REGION: spec.region,
    ECOM_PARAMETERS: `${storePath(owner)}/`,
    ...spec.compute.environment,
  };
  return [
    '#!/bin/bash',
    'install -d -m 0755 /etc/ecom',
    "cat > /etc/ecom/environment <<'ECOM_ENVIRONMENT'",
    ...Object.entries(environment)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${quoted(value)}`),
    'ECOM_ENVIRONMENT',
    ...(spec.compute.userData === undefined ? [] : [withoutShebang(spec.compute.userData)]),
    '',
  ].join('\n');
}
