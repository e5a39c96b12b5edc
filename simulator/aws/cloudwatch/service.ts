import type { SimulatedService } from '../core/service.ts';
import { alarmOperations } from './alarms.ts';
import { dashboardOperations } from './dashboards.ts';
import { taggingOperations } from './tagging.ts';

/** CloudWatch: alarms on metrics, and dashboards. Nothing simulated publishes metrics, so no alarm sees data. */
export const cloudwatch: SimulatedService = {
  operations: { ...alarmOperations, ...dashboardOperations, ...taggingOperations },
};
