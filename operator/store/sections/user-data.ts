import { Fault } from '../../model/faults.ts';
import { storePath, type Site } from '../site.ts';

/** EC2's limit, before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
const bytesAtMost = 16 * 1024;

/** Between double quotes, as both a shell and systemd's EnvironmentFile read it. */
const quoted = (value: string): string => `"${value.replace(/[\\"$`]/g, (character) => `\\${character}`)}"`;

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
  const script = [
    '#!/bin/bash',
    'install -d -m 0755 /etc/ecom',
    "cat > /etc/ecom/environment <<'ECOM_ENVIRONMENT'",
    ...Object.entries(environment)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${quoted(value)}`),
    'ECOM_ENVIRONMENT',
    ...(spec.compute.userData === undefined ? [] : [spec.compute.userData.replace(/^#!.*\n/, '')]),
    '',
  ].join('\n');
  const size = Buffer.byteLength(script);
  if (size > bytesAtMost)
    throw new Fault('rejected', `the user data has ${size} bytes, EC2 takes ${bytesAtMost}`, {
      field: 'spec.compute.userData',
      remedy: 'bake the larger part into the image, or fetch it at start',
    });
  return script;
}
