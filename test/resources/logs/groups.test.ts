import { logGroup } from '../../../operator/resources/logs/group.ts';
import { laws } from '../laws.ts';

const name = '/ecom/shops/acme/app';

laws(logGroup, {
  ground: async () => ({ name, retentionDays: 30 }),
  live: { retentionDays: () => 90 },
  fixed: { name: '/ecom/shops/acme/other' },
  foreign: async (court) => void (await court.other('logs', 'CreateLogGroup', { logGroupName: name })),
});
