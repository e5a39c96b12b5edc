import { homeRegion } from '../../simulator/account.ts';
import type { Planted } from './planted.ts';

const readBy = (Principal: string, bucket: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` }],
});

/** Beside the store: what no store of ours has yet. */
export const plantedContent: readonly Planted[] = [
  {
    what: 'a bucket that everybody reads',
    beside: true,
    plant: async (world) => {
      const Bucket = 'for-everybody';
      await world.other('s3', 'CreateBucket', {
        Bucket,
        CreateBucketConfiguration: { LocationConstraint: homeRegion },
      });
      await world.other('s3', 'DeletePublicAccessBlock', { Bucket });
      return world.other('s3', 'PutBucketPolicy', { Bucket, Policy: JSON.stringify(readBy('*', Bucket)) });
    },
    seen: [
      'cdk-nag S3BucketPublicReadProhibited S3BucketForEverybody',
      'cdk-nag S3BucketSSLRequestsOnly S3BucketForEverybody',
      'cdk-nag S3BucketVersioningEnabled S3BucketForEverybody',
      'control-tower s3_bucket_level_public_access_prohibited_check S3BucketForEverybody',
      'control-tower s3_bucket_policy_ssl_requests_only_check S3BucketForEverybodyPolicy',
    ],
  },
  {
    what: 'a distribution that speaks HTTP, and old TLS',
    beside: true,
    plant: (world) =>
      world.other('cloudfront', 'CreateDistributionWithTags', {
        DistributionConfigWithTags: {
          Tags: { Items: [] },
          DistributionConfig: {
            ...{ CallerReference: 'planted', Comment: 'planted', Enabled: true },
            Origins: {
              Quantity: 1,
              Items: [
                {
                  ...{ Id: 'shop', DomainName: 'shop.example.com' },
                  CustomOriginConfig: {
                    ...{ HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
                    OriginSslProtocols: { Quantity: 1, Items: ['TLSv1'] },
                  },
                },
              ],
            },
            DefaultCacheBehavior: {
              ...{ TargetOriginId: 'shop', ViewerProtocolPolicy: 'allow-all' },
              CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
            },
          },
        },
      }),
    seen: [
      'cdk-nag AwsSolutions-CFR4 CloudfrontDistribution',
      'cdk-nag AwsSolutions-CFR5 CloudfrontDistribution',
      'control-tower cloudfront_security_policy_check CloudfrontDistribution',
      'control-tower cloudfront_viewer_policy_https_check CloudfrontDistribution',
      'control-tower cloudfront_traffic_to_origin_encrypted_check CloudfrontDistribution',
      'control-tower cloudfront_access_logs_enabled_check CloudfrontDistribution',
    ],
  },
];
