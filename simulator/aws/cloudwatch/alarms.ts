import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, type TagPair } from '../core/tags.ts';
import { checkAlarm, longestPeriod } from './alarm-checks.ts';
import { alarms, type Alarm, type AlarmConfig, type AlarmState, type StateValue } from './kinds.ts';
import { invalidCombination, notSimulated } from './refusals.ts';

const born = (since: number): AlarmState => ({
  value: 'INSUFFICIENT_DATA',
  reason: 'Unchecked: Initial alarm creation',
  since,
});

/**
 * What CloudWatch makes of an alarm after a period: nothing simulated has metrics, so all that counts is what missing
 * data stands for. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const withoutData: Readonly<Record<string, StateValue>> = {
  breaching: 'ALARM',
  notBreaching: 'OK',
  missing: 'INSUFFICIENT_DATA',
};

/** The state as it is at this moment: what somebody has set lasts until the alarm is evaluated the next time. */
function stateOf({ config, state, changedAt }: Alarm, now: number): AlarmState {
  const evaluatedAt = Math.max(state.since, changedAt) + longestPeriod(config) * 1_000;
  const value = withoutData[config.TreatMissingData ?? 'missing'];
  if (value === undefined || value === state.value || now < evaluatedAt) return state;
  return { value, reason: 'Unchecked: no datapoints were received', since: evaluatedAt };
}

const told = (alarm: Alarm, now: number) => {
  const { value, reason, since } = stateOf(alarm, now);
  return {
    ActionsEnabled: true,
    ...{ OKActions: [], AlarmActions: [], InsufficientDataActions: [] },
    ...(alarm.config.Metrics ? {} : { Dimensions: [] }),
    ...alarm.config,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.changedAt),
    ...{ StateValue: value, StateReason: reason, StateUpdatedTimestamp: new Date(since) },
  };
};

function put({ Tags, ...config }: AlarmConfig & { readonly Tags?: readonly TagPair[] }, request: Request): void {
  checkAlarm(config, request.region);
  const all = request.in(alarms);
  const before = all.get(config.AlarmName);
  if (!before) {
    // AWS documents no number any more, but still this error.
    const message = 'The quota for alarms for this customer has already been reached.';
    request.withinQuota('Alarms', Infinity, all.all().length, 'LimitExceeded', message);
  }
  all.put(config.AlarmName, {
    arn: request.arn(`alarm:${config.AlarmName}`),
    config,
    state: before?.state ?? born(request.now),
    changedAt: request.now,
    // Tags are for a new alarm only: an update ignores them.
    tags: before?.tags ?? toTagMap(Tags),
  });
}

interface Describe {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly StateValue?: string;
  readonly ActionPrefix?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
  readonly ChildrenOfAlarmName?: string;
  readonly ParentsOfAlarmName?: string;
}

function describe(input: Describe, request: Request) {
  const { AlarmNames: names, AlarmNamePrefix: prefix = '', StateValue: state, ActionPrefix: action } = input;
  if (names && prefix !== '') throw invalidCombination('AlarmNamePrefix cannot be specified together with AlarmNames');
  if (input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined)
    throw notSimulated('composite alarms');
  const wanted = (input.AlarmTypes ?? ['MetricAlarm']).includes('MetricAlarm') ? request.listed(alarms) : [];
  const found = wanted
    .filter(({ config: { AlarmName } }) => AlarmName.startsWith(prefix) && (names?.includes(AlarmName) ?? true))
    .filter((alarm) => state === undefined || stateOf(alarm, request.now).value === state)
    .filter(
      ({ config }) =>
        action === undefined ||
        [config.AlarmActions, config.OKActions, config.InsufficientDataActions].some((actions) =>
          actions?.some((one) => one.startsWith(action)),
        ),
    )
    .sort((a, b) => (a.config.AlarmName < b.config.AlarmName ? -1 : 1));
  const badToken = () => new AwsError('InvalidNextToken', 'The next token specified is invalid.');
  const page = { token: input.NextToken, size: input.MaxRecords ?? 50, most: 100, badToken };
  const { items, next } = pageOf(request.world, found, page);
  return { MetricAlarms: items.map((alarm) => told(alarm, request.now)), CompositeAlarms: [], NextToken: next };
}

const absent = (): AwsError => new AwsError('ResourceNotFound', 'The named resource does not exist.', 404);

/** Those that exist go, whatever becomes of the others. */
function remove({ AlarmNames }: { AlarmNames: readonly string[] }, request: Request): void {
  const all = request.in(alarms);
  const there = AlarmNames.filter((name) => all.get(name));
  for (const name of there) all.remove(name);
  if (there.length < AlarmNames.length) throw absent();
}

interface SetState {
  readonly AlarmName: string;
  readonly StateValue: StateValue;
  readonly StateReason: string;
  readonly StateReasonData?: string;
}

function setState({ AlarmName, StateValue: value, StateReason: reason, StateReasonData }: SetState, request: Request) {
  if (!request.in(alarms).get(AlarmName)) throw absent();
  try {
    if (StateReasonData !== undefined) JSON.parse(StateReasonData);
  } catch (cause) {
    throw Object.assign(new AwsError('InvalidFormat', 'Data was not syntactically valid JSON.'), { cause });
  }
  request.in(alarms).change(AlarmName, { state: { value, reason, since: request.now } });
}

/** Names that there are not are passed over. */
const switched =
  (ActionsEnabled: boolean) =>
  ({ AlarmNames }: { AlarmNames: readonly string[] }, request: Request): void => {
    const all = request.in(alarms);
    for (const name of AlarmNames) {
      const alarm = all.get(name);
      if (alarm) all.change(name, { config: { ...alarm.config, ActionsEnabled }, changedAt: request.now });
    }
  };

export const alarmOperations: Operations = {
  PutMetricAlarm: put,
  DescribeAlarms: describe,
  DeleteAlarms: remove,
  SetAlarmState: setState,
  EnableAlarmActions: switched(true),
  DisableAlarmActions: switched(false),
};
