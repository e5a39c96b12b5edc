import type { OriginAccessControlConfig, OriginAccessControlSummary } from '@aws-sdk/client-cloudfront';
import { Fault, orAbsent } from '../../model/faults.ts';
import { pages } from '../../model/pages.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';
import { heritageText, ownerFromHeritage } from '../route53/heritage.ts';

/** How CloudFront proves to a bucket that it is CloudFront: it signs what it asks, as the bucket's policy demands. */
export interface OriginAccessControlProps {
  readonly originType: 's3';
  /** Whether every request is signed, whatever a viewer sends along. */
  readonly signing: 'always' | 'never' | 'no-override';
}

export interface OriginAccessControlOutputs {
  readonly originAccessControlId: string;
}

type ControlFound = Found<OriginAccessControlProps, OriginAccessControlOutputs>;

export const originAccessControl: ResourceType<OriginAccessControlProps, OriginAccessControlOutputs> = {
  name: 'cloudfront/origin-access-control',
  fields: { originType: 'fixed', signing: 'live' },
  needs: [],
  replace: 'create-first',
  once: 'name',
  endedBy: 'DeleteOriginAccessControl',
  key: (_props, name) => name,
  beat: 'existence',
  scope: 'global',

  async *list(aws) {
    const read = (Marker?: string) => aws.cloudfront('ListOriginAccessControls', { Marker });
    for await (const page of pages(read, (answer) => answer.OriginAccessControlList?.NextMarker))
      yield (page.OriginAccessControlList?.Items ?? []).map(told);
  },

  async create(aws, props, birth) {
    const config = asConfig(birth.name, heritageText(birth.owner), props);
    const answer = await aws.cloudfront('CreateOriginAccessControl', { OriginAccessControlConfig: config });
    return told({ ...config, Id: answer.OriginAccessControl?.Id, Description: config.Description });
  },

  async update(aws, found, props) {
    const read = await aws.cloudfront('GetOriginAccessControl', { Id: found.id });
    const current = read.OriginAccessControl?.OriginAccessControlConfig;
    if (ownerFromHeritage(current?.Description)?.uid !== found.owner?.uid)
      throw new Fault('foreign', `origin access control ${found.id} does not say any more that it is ours`);
    await aws.cloudfront('UpdateOriginAccessControl', {
      Id: found.id,
      IfMatch: read.ETag,
      OriginAccessControlConfig: asConfig(current?.Name ?? '', current?.Description ?? '', props),
    });
  },

  async delete(aws, found) {
    const read = await orAbsent(aws.cloudfront('GetOriginAccessControl', { Id: found.id }));
    if (read) await orAbsent(aws.cloudfront('DeleteOriginAccessControl', { Id: found.id, IfMatch: read.ETag }));
  },
};

/** It has no tags: whose it is stands in its description, at most 256 characters, written by the same call. */
const asConfig = (Name: string, Description: string, props: OriginAccessControlProps): OriginAccessControlConfig => ({
  Name,
  Description,
  SigningProtocol: 'sigv4',
  SigningBehavior: props.signing,
  OriginAccessControlOriginType: props.originType,
});

type Told = { readonly [K in keyof OriginAccessControlSummary]: OriginAccessControlSummary[K] | undefined };

function told(found: Told): ControlFound {
  const { Id: id = '' } = found;
  return {
    id,
    key: found.Name,
    owner: ownerFromHeritage(found.Description),
    state: { is: 'ready' },
    props: {
      originType: found.OriginAccessControlOriginType as 's3',
      signing: found.SigningBehavior as OriginAccessControlProps['signing'],
    },
    outputs: { originAccessControlId: id },
  };
}
