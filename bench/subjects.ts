import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EcomStoreManifestSpec } from '../operator/store/spec.ts';
import { sameStores, type SameStore } from '../test/foreign/terraform/same-stores.ts';
import { exposed, misled, type Drifts } from './drifts.ts';

/** A store that is measured: what the operator is given, and what Terraform is given for the same graph. */
export interface Subject {
  /** The spec of the store of this number: another host for each. Its data goes with it, as Terraform's does. */
  readonly spec: (number: number) => EcomStoreManifestSpec;
  readonly terraform: SameStore;
  readonly drifts: Drifts;
}

export const subjects = {
  'web-tier': { spec: specOf(sameStores['web-tier']), terraform: sameStores['web-tier'], drifts: misled },
  whole: { spec: specOf(sameStores.whole), terraform: sameStores.whole, drifts: exposed },
  'every-section': {
    spec: specOf(sameStores['every-section']),
    terraform: sameStores['every-section'],
    drifts: exposed,
  },
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects;

export const isSubject = (name: string): name is SubjectName => name in subjects;

function specOf({ example, change = (spec) => spec }: SameStore): Subject['spec'] {
  const { spec } = parse(readFileSync(example, 'utf8')) as { spec: EcomStoreManifestSpec };
  return (number) =>
    change({
      ...spec,
      domain: { ...spec.domain, host: `shop${number}.example.com` },
      policy: { ...spec.policy, deletion: 'Delete' },
    });
}

/** What AWS allows few of by default; who runs many stores has asked for more. */
export const quotas = [
  'VPCs per Region',
  'Internet gateways per Region',
  'Elastic IP addresses per Region',
  'NAT gateways per Availability Zone',
  'Gateway VPC endpoints per Region',
  'Application Load Balancers per Region',
  'Target Groups per Region',
  'Roles per account',
  'Auto Scaling groups per region',
  'DB instances',
  'DB subnet groups',
  'DB parameter groups',
  'Nodes per Region',
  'Users per Region',
  'User groups per Region',
  'Subnet groups per Region',
  'Parameter groups per Region',
  'Health checks',
  'General purpose buckets',
  'VPC origins per AWS account',
  'Origin access controls per AWS account',
  'Distributions per AWS account',
];
