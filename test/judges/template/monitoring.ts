import type { Alarm, Dashboard } from '../../../simulator/aws/cloudwatch/kinds.ts';
import type { HealthCheck } from '../../../simulator/aws/route53/health-checks.ts';
import { tagPairs, type Mapping } from './part.ts';

export const alarm: Mapping<Alarm> = ({ arn, config, tags }) => [
  {
    type: 'AWS::CloudWatch::Alarm',
    ids: { [arn]: 'Arn' },
    properties: { ...config, Tags: tagPairs(tags) },
  },
];

export const dashboard: Mapping<Dashboard> = ({ name, body, tags }) => [
  {
    type: 'AWS::CloudWatch::Dashboard',
    properties: { DashboardName: name, DashboardBody: body, Tags: tagPairs(tags) },
  },
];

/** That it is disabled can be said over the API alone. */
export const healthCheck: Mapping<HealthCheck> = ({ id, config: { Disabled: _disabled, ...config }, tags }) => [
  {
    type: 'AWS::Route53::HealthCheck',
    ids: { [id]: 'Ref' },
    properties: { HealthCheckConfig: config, HealthCheckTags: tagPairs(tags) },
  },
];
