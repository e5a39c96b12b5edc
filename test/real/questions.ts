import { badManifests, changed } from '../store/bad-manifests.ts';

/** One request that both API servers are asked, one after the other, from the same state. */
export interface Question {
  /** What is being found out. */
  readonly about: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  /** What the stand-in leaves out on purpose: only the status code is compared. */
  readonly codeOnly?: boolean;
}

/** The namespace in which everything is asked; it must not exist before. */
export const namespace = 'same-answers';

const probes = `/apis/test.ecom.io/v1/namespaces/${namespace}/probes`;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const core = `/api/v1/namespaces/${namespace}`;
const merge = 'application/merge-patch+json';
const json = 'application/json-patch+json';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

const probe = (name: string | undefined, spec: unknown, metadata: object = {}): object => ({
  apiVersion: 'test.ecom.io/v1',
  kind: 'Probe',
  metadata: { name, ...metadata },
  spec,
});
const lease = (spec: object): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'l' },
  spec,
});
const event = (name: string, more: object): object => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name },
  involvedObject: { kind: 'Probe', namespace, name: 'a' },
  reason: 'Seen',
  message: 'it was seen',
  type: 'Normal',
  ...more,
});

const post = (about: string, body: unknown, path = probes): Question => ({ about, method: 'POST', path, body });
const put = (about: string, name: string, body: unknown): Question => ({
  about,
  method: 'PUT',
  path: `${probes}/${name}`,
  body,
});
const patch = (about: string, name: string, body: unknown, type = merge): Question => ({
  about,
  method: 'PATCH',
  path: `${probes}/${name}`,
  body,
  type,
});
const get = (about: string, path: string, accept?: string): Question => ({ about, method: 'GET', path, accept });
const drop = (about: string, name: string, body?: unknown): Question => ({
  about,
  method: 'DELETE',
  path: `${probes}/${name}`,
  body,
});

/** A manifest in our namespace, unless the namespace is what is wrong with it. */
const at = (ours: string, manifest: unknown): unknown =>
  (manifest as { metadata?: { namespace?: unknown } }).metadata?.namespace === 'shops'
    ? changed('metadata.namespace', ours, manifest)
    : manifest;

const bad = {
  size: 0,
  ratio: 0,
  word: 'X',
  color: 'blue',
  list: ['a', 'a', 'toolong'],
  pairs: [{ key: 'a' }, { key: 'a' }, {}],
  env: { a: 'toolong', b: 'b', c: 'c' },
  when: 'yesterday',
  address: '1.2.3',
  big: 1.5,
  min: 5,
  max: 3,
  flag: 'maybe',
  port: true,
  nested: { depth: 'no' },
  foo: 1,
};

const creating: Question[] = [
  post('defaults, nulls and unknown fields', {
    ...probe('a', { size: 5, foo: 1, maybe: null, word: null, list: ['a'], any: { x: { y: 1 } } }),
    status: { note: 'x' },
  }),
  post(
    'warnings about unknown fields',
    { ...probe('w', { size: 5, foo: 1, pairs: [{ key: 'a', zip: 2 }] }, { annotation: {} }), x: 1 },
    `${probes}?fieldValidation=Warn&dryRun=All`,
  ),
  post('unknown fields refused', probe('w', { size: 5, foo: 1, bar: 2 }), `${probes}?fieldValidation=Strict`),
  post('unknown fields ignored', probe('w', { size: 5, foo: 1 }), `${probes}?fieldValidation=Ignore&dryRun=All`),
  post('everything wrong at once', probe('Bad_Name', bad)),
  post('broken rules', probe('bad', { size: 2000, min: 5, max: 3 })),
  post('a rule that cannot be evaluated gives its plain message', probe('bad', { size: 2000 })),
  post('what is there already', probe('a', { size: 5 })),
  post('what is there already, and wrong', probe('a', { size: 0 })),
  post('no name', probe(undefined, { size: 5 })),
  post('a resourceVersion at birth', probe('c', { size: 5 }, { resourceVersion: '5' })),
  post('another namespace in the body', probe('c', { size: 5 }, { namespace: 'other' })),
  post('a namespace that does not exist', probe('c', { size: 5 }), '/apis/test.ecom.io/v1/namespaces/nope/probes'),
  post('another kind', { ...probe('c', { size: 5 }), kind: 'Zip' }),
  post('another version', { ...probe('c', {}), apiVersion: 'test.ecom.io/v2', spec: undefined }),
  post('no kind', { metadata: { name: 'c' } }),
  post('a list for a spec', probe('c', [])),
  post('no spec', probe('c', undefined)),
  post('a number for a name', { ...probe('c', { size: 1 }), metadata: { name: 5 } }),
  post('labels out of shape', probe('c', { size: 1 }, { labels: { 'a b': 'c', x: '?' } })),
  post('a number for a label', probe('c', { size: 1 }, { labels: { a: 1 } })),
  post('an unknown dryRun', probe('c', { size: 1 }), `${probes}?dryRun=Some`),
  post('an unknown fieldValidation', probe('c', { size: 1 }), `${probes}?fieldValidation=Some`),
  { ...post('a body of another type', 'size: 1'), type: 'text/plain', codeOnly: true },
  { ...post('no JSON', '{'), codeOnly: true },
];

const updating: Question[] = [
  put('no resourceVersion', 'a', probe('a', { size: 6 })),
  put('an old resourceVersion', 'a', probe('a', { size: 6 }, { resourceVersion: '3' })),
  put('a resourceVersion that is no number', 'a', probe('a', { size: 6 }, { resourceVersion: 'abc' })),
  put('another name than in the path', 'a', probe('b', { size: 6 })),
  put('what does not exist', 'zz', probe('zz', { size: 6 })),
  patch('a field set once', 'a', { spec: { once: 'a' } }),
  patch('a field that cannot change', 'a', { spec: { once: 'b' } }),
  patch('a field with such a rule taken away', 'a', { spec: { once: null } }),
  patch('the same again', 'a', { spec: { size: 5 } }),
  patch('an old resourceVersion in a patch', 'a', { metadata: { resourceVersion: '3' }, spec: { size: 8 } }),
  patch('another uid', 'a', { metadata: { uid: 'abc' }, spec: { size: 8 } }),
  patch('another name', 'a', { metadata: { name: 'abc' } }),
  patch('another namespace', 'a', { metadata: { namespace: 'abc' } }),
  patch('a failed test', 'a', [{ op: 'test', path: '/spec/size', value: 99 }], json),
  patch('a path that is not there', 'a', [{ op: 'remove', path: '/spec/zzz' }], json),
  patch(
    'a tested replacement',
    'a',
    [
      { op: 'test', path: '/spec/size', value: 5 },
      { op: 'replace', path: '/spec/size', value: 7 },
      { op: 'add', path: '/metadata/labels', value: { 'a/b': 'c' } },
      { op: 'copy', from: '/spec/size', path: '/spec/big' },
      { op: 'add', path: '/spec/list/-', value: 'b' },
    ],
    json,
  ),
  patch('a json-patch that is no list', 'a', { a: 1 }, json),
  { ...patch('a strategic merge patch', 'a', { a: 1 }, 'application/strategic-merge-patch+json'), codeOnly: true },
  patch('a wrong field', 'a', { spec: { size: 0 } }),
  patch('an unknown field', 'a', { spec: { zip: 0 } }),
  patch('what does not exist', 'zz', { spec: { size: 8 } }),
  patch('generation and creationTimestamp', 'a', {
    spec: { size: 8 },
    metadata: { generation: 55, creationTimestamp: null },
  }),
  patch('labels only', 'a', { metadata: { labels: { x: 'y' } } }),
  patch('the status beside its subresource', 'a', { status: { note: 'n' } }),
  patch('the status, and all else with it', 'a/status', {
    spec: { size: 99 },
    status: { note: 'n' },
    metadata: { labels: { a: 'b' }, finalizers: ['x.y/z'] },
  }),
  patch('a wrong status', 'a/status', { status: { note: '12345678901' } }),
  patch('no status', 'a/status', { status: null }),
  get('the status subresource', `${probes}/a/status`),
];

const ratcheting: Question[] = [
  patch('a finalizer without domain', 'a', { metadata: { finalizers: ['bad'] } }),
  patch('a finalizer', 'a', { metadata: { finalizers: ['ecom.io/x'] } }),
  patch('a deletionTimestamp', 'a', { metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' } }),
];

const deleting: Question[] = [
  drop('another uid', 'a', { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'zzz' } }),
  drop('another resourceVersion', 'a', { preconditions: { resourceVersion: '1' } }),
  { ...drop('a dry run', 'a'), path: `${probes}/a?dryRun=All`, codeOnly: true },
  drop('what a finalizer holds', 'a', { propagationPolicy: 'Background' }),
  drop('the same again', 'a'),
  patch('one more finalizer', 'a', { metadata: { finalizers: ['ecom.io/x', 'ecom.io/y'] } }),
  patch('a change while leaving', 'a', { spec: { size: 9 } }),
  patch('no more finalizers', 'a', { metadata: { finalizers: [] } }),
  get('what is gone', `${probes}/a`),
  drop('what is gone', 'a'),
  post('another one', probe('b', { size: 5 })),
  drop('what nothing holds', 'b'),
];

const listing: Question[] = [
  post('the first', probe('p1', { size: 1 }, { labels: { tier: 'web', zone: 'a' } })),
  post('the second', probe('p2', { size: 2, list: ['a', 'b'] }, { labels: { tier: 'web', zone: 'b' } })),
  post('the third', probe('p3', { size: 3 }, { labels: { tier: 'data' } })),
  get('all', probes),
  get('all namespaces', '/apis/test.ecom.io/v1/probes'),
  get('a page', `${probes}?limit=2`),
  get('labels', `${probes}?labelSelector=tier%3Dweb,zone!%3Da`),
  get('labels in a set', `${probes}?labelSelector=tier%20in%20(web,data),!zone`),
  get('labels not in a set', `${probes}?labelSelector=zone%20notin%20(a)`),
  { ...get('labels nobody can read', `${probes}?labelSelector=a%20b`), codeOnly: true },
  get('a name', `${probes}?fieldSelector=metadata.name%3Dp2`),
  get('all but a name', `${probes}?fieldSelector=metadata.name!%3Dp2`),
  get('a field that cannot be selected', `${probes}?fieldSelector=spec.size%3D1`),
  {
    ...get('a version to come', `${probes}?resourceVersion=99999999&resourceVersionMatch=NotOlderThan`),
    codeOnly: true,
  },
  get('a version that is no number', `${probes}?resourceVersion=abc`),
  get('a match without version', `${probes}?resourceVersionMatch=Exact`),
  get('exactly any version', `${probes}?resourceVersion=0&resourceVersionMatch=Exact`),
  get('an unknown match', `${probes}?resourceVersion=5&resourceVersionMatch=Zip`),
  { ...get('a token that is none', `${probes}?continue=abc`), codeOnly: true },
  get('a watch from no number', `${probes}?watch=1&resourceVersion=abc&timeoutSeconds=1`),
  get('a table', probes, table),
  get('a table of one', `${probes}/p2`, table),
  get('metadata only', probes, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'),
  { ...get('XML', probes, 'application/xml'), codeOnly: true },
  get('a resource that nobody serves', `/apis/test.ecom.io/v1/namespaces/${namespace}/zips`),
  get('a group that nobody serves', '/apis/nope.io/v1'),
  { ...get('resources', '/apis/test.ecom.io/v1'), codeOnly: true },
  get('a group', '/apis/test.ecom.io'),
  { ...drop('all', ''), path: probes, codeOnly: true },
];

const builtIn: Question[] = [
  post('a renewTime without fraction', lease({ holderIdentity: 'a', renewTime: '2026-01-01T00:00:00Z' }), leases),
  post('an unknown field of a lease', lease({ zip: 1 }), `${leases}?fieldValidation=Strict`),
  post('a lease of no duration', lease({ holderIdentity: 'a', leaseDurationSeconds: 0 }), leases),
  {
    about: 'a lease made by an update',
    method: 'PUT',
    path: `${leases}/l`,
    body: lease({ holderIdentity: 'b', renewTime: '2026-01-01T00:00:00.500000Z', leaseDurationSeconds: 5 }),
  },
  {
    about: 'a lease updated without version',
    method: 'PUT',
    path: `${leases}/l`,
    body: lease({ holderIdentity: 'c', leaseDurationSeconds: 5 }),
  },
  get('leases as a table', leases, table),
  post(
    'a number in a config map',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 1 } },
    `${core}/configmaps`,
  ),
  post('a config map that does not say what it is', { metadata: { name: 'x' } }, `${core}/configmaps?dryRun=All`),
  {
    ...post('a secret where config maps are', { apiVersion: 'v1', kind: 'Secret', metadata: {} }, `${core}/configmaps`),
    codeOnly: true,
  },
  post(
    'a config map',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' } },
    `${core}/configmaps`,
  ),
  {
    about: 'a strategic merge patch of a config map',
    method: 'PATCH',
    path: `${core}/configmaps/c`,
    body: { data: { b: '2', a: null } },
    type: 'application/strategic-merge-patch+json',
  },
  {
    about: 'a config map updated without version',
    method: 'PUT',
    path: `${core}/configmaps/c`,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { z: '1' } },
  },
  post(
    'a secret in clear text',
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } },
    `${core}/secrets`,
  ),
  post(
    'an event of another namespace',
    event('e', { involvedObject: { kind: 'A', namespace: 'other' } }),
    `${core}/events`,
  ),
  post(
    'an event',
    event('e', {
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
      source: { component: 'me' },
      reportingComponent: 'me',
      reportingInstance: 'i',
    }),
    `${core}/events`,
  ),
  get('the same event in its newer form', `/apis/events.k8s.io/v1/namespaces/${namespace}/events/e`),
  get('events of an object', `${core}/events?fieldSelector=involvedObject.name%3Da,involvedObject.kind%3DProbe`),
  post(
    'a dry run of a namespace',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'another' } },
    '/api/v1/namespaces?dryRun=All',
  ),
  get('the namespace as a table', `${core}?includeObject=None`, table),
  get('config maps as a table', `${core}/configmaps?fieldSelector=metadata.name%3Dc`, table),
  get('secrets as a table', `${core}/secrets`, table),
  get('events as a table', `${core}/events`, table),
  post(
    'a service account',
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sa' } },
    `${core}/serviceaccounts`,
  ),
  get('service accounts as a table', `${core}/serviceaccounts?fieldSelector=metadata.name%3Dsa`, table),
];

/** What the bad manifests of the corpus are refused with. */
export const corpus: readonly Question[] = badManifests.map(({ name, manifest }) => ({
  about: name,
  method: 'POST',
  path: `/apis/ecom.io/v1alpha1/namespaces/${namespace}/ecomstores?dryRun=All`,
  body: at(namespace, manifest),
  // Real: the rules are tried on what the decoder left without defaults. The stand-in stops at the first cause.
  codeOnly: ['another kind', 'another version of the API'].includes(name),
}));

/** Grouped, in the order in which they are asked. */
export const questions: Readonly<Record<string, readonly Question[]>> = {
  creating,
  updating,
  ratcheting,
  deleting,
  listing,
  builtIn,
};
