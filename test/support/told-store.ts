import { withDefaults, type EcomStore, type EcomStoreStatus } from '../../operator/store/spec.ts';

/** The moment at which the ages of `toldStore` are what they are. */
export const lookedAt = Date.UTC(2026, 0, 1, 12);

const ago = (seconds: number): string => new Date(lookedAt - seconds * 1000).toISOString();

const condition = (type: string, status: 'True' | 'False' | 'Unknown', reason: string, message = '') => ({
  ...{ type, status, reason, message },
  lastTransitionTime: ago(600),
  observedGeneration: 3,
});

/** What the operator told of a store half built: one of everything that there is to tell. */
export const toldStatus: EcomStoreStatus = {
  observedGeneration: 3,
  url: 'https://shop.example.com',
  account: '111122223333',
  conditions: [
    condition('Ready', 'False', 'QuotaExceeded', '2 of 5 resources match; network/nat-a: no more addresses'),
    condition('Reconciling', 'True', 'WaitingForOthers', 'network/routes-app-a: needs network/nat-a'),
    condition('Stalled', 'True', 'QuotaExceeded', 'network/nat-a: no more addresses'),
    condition('NetworkReady', 'False', 'QuotaExceeded', 'no more addresses'),
    condition('LoadBalancerReady', 'True', 'AllResourcesMatch'),
  ],
  resources: [
    { node: 'network/vpc', type: 'ec2/vpc', id: 'vpc-0a1b2c3d', standing: 'ready', readAt: ago(40) },
    {
      ...{ node: 'network/nat-a', type: 'ec2/nat-gateway', standing: 'stalled', reason: 'QuotaExceeded' },
      message: 'no more addresses - raise the quota',
    },
    {
      ...{ node: 'network/routes-app-a', type: 'ec2/route-table', id: 'rtb-1', standing: 'waiting', readAt: ago(300) },
      ...{ reason: 'WaitingForOthers', message: 'needs network/nat-a' },
    },
    { node: 'loadBalancer/balancer', type: 'elbv2/load-balancer', id: 'arn:aws:1', standing: 'ready', readAt: ago(40) },
    {
      ...{ node: 'database/primary', type: 'rds/instance', id: 'db-A', standing: 'progressing', readAt: ago(7300) },
      ...{ reason: 'Creating', message: 'creating' },
    },
  ],
  lastDrift: { at: ago(3 * 86_400), node: 'network/sg-app', fields: ['ingress', 'egress'], healed: true },
  retained: [
    { node: 'identity/pool', id: 'eu-central-1_Ab', type: 'cognito/user-pool', why: 'policy.deletion is Retain' },
  ],
};

/** A store as the API server tells it. */
export const toldStore = (
  status: EcomStoreStatus = toldStatus,
  more: Partial<EcomStore['metadata']> = {},
): EcomStore => ({
  apiVersion: 'ecom.io/v1alpha1',
  kind: 'EcomStore',
  metadata: {
    ...{ namespace: 'shops', name: 'acme', uid: 'uid-1', resourceVersion: '7', generation: 3 },
    ...more,
  },
  spec: withDefaults({
    region: 'eu-central-1',
    domain: { host: 'shop.example.com', zone: 'example.com' },
    compute: { image: { ssmParameter: '/ecom/images/storefront' } },
  }),
  status,
});

/** What the operator says of a store that is as it should be. */
export const readyCondition = {
  type: 'Ready',
  status: 'True',
  reason: 'AllResourcesMatch',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
