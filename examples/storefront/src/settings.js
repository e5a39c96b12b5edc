import { paginateGetParametersByPath } from '@aws-sdk/client-ssm';

/** What the store tells its application (docs/application.md), read from SSM. Throws when a part is missing that this storefront cannot do without. */
export async function readSettings(ssm, path) {
  const values = new Map();
  const Path = path.replace(/\/$/, '');
  for await (const { Parameters } of paginateGetParametersByPath({ client: ssm }, { Path, Recursive: true }))
    for (const { Name, Value } of Parameters) values.set(Name.slice(Path.length + 1), Value);
  const need = (name) => {
    if (!values.has(name)) throw new Error(`the store tells no ${name} below ${Path}`);
    return values.get(name);
  };
  if (need('database/engine') !== 'postgres') throw new Error('this storefront speaks PostgreSQL only');
  return {
    region: need('region'),
    url: need('url'),
    database: {
      writer: need('database/writer'),
      reader: need('database/reader'),
      port: Number(need('database/port')),
      name: need('database/name'),
      secretArn: need('database/secret-arn'),
    },
    cache: cacheOf(values),
    identity: values.has('identity/issuer') && {
      issuer: values.get('identity/issuer'),
      clientId: values.get('identity/client-id'),
      domain: values.get('identity/domain'),
      signer: values.get('identity/signer'),
    },
    ordersTopic: values.get('notifications/orders/arn'),
    hasCdn: values.has('cdn/host'),
  };
}

/** Undefined without a cache; memcached is none for this storefront, which speaks the protocol of Valkey and Redis only. */
function cacheOf(values) {
  if (!values.has('cache/user')) return undefined;
  return {
    name: values.get('cache/name'),
    user: values.get('cache/user'),
    host: values.get('cache/host'),
    readerHost: values.get('cache/reader-host') ?? values.get('cache/host'),
    port: Number(values.get('cache/port')),
  };
}
