import { logLevels } from './runtime/log.ts';

/** One variable of the environment. */
export interface Variable<T> {
  readonly meaning: string;
  readonly default: string;
  /** What a value must be, in words that follow its name. */
  readonly rule: string;
  /** Undefined when the rule is broken. */
  readonly read: (value: string) => T | undefined;
}

const whole = (meaning: string, initial: number, min: number, max: number): Variable<number> => ({
  meaning,
  default: String(initial),
  rule: `must be a whole number from ${min} to ${max}`,
  read: (value) => (/^\d+$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined),
});

const matching = (meaning: string, initial: string, pattern: RegExp, rule: string): Variable<string> => ({
  meaning,
  default: initial,
  rule,
  read: (value) => (pattern.test(value) ? value : undefined),
});

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const isLabel = 'must be lower-case letters, digits and inner hyphens, at most 63';

/** Every variable the operator reads; the SDK reads AWS's own besides. */
export const variables = {
  ECOM_INSTALLATION: matching(
    'Name of this installation: it is written into the tags of everything made, and only what carries it is touched.',
    'default',
    dnsLabel,
    isLabel,
  ),
  ECOM_PERMISSIONS_BOUNDARY: matching(
    'ARN of the permissions boundary of every IAM role that is made for stores: their own may be no other.',
    '',
    /^$|^arn:aws:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,200}$/,
    'must be the ARN of a managed policy of IAM',
  ),
  ECOM_NAMESPACES: {
    meaning: 'Namespaces whose stores are kept, separated by commas; empty means all.',
    default: '',
    rule: 'must be names of namespaces separated by commas',
    read: (value: string) => {
      const names = value.split(',').flatMap((name) => name.trim() || []);
      return names.every((name) => dnsLabel.test(name)) ? [...new Set(names)] : undefined;
    },
  },
  ECOM_WORKERS: whole('How many stores are looked at side by side.', 8, 1, 256),
  ECOM_PASS_SECONDS: whole('A look at one store that takes longer is broken off.', 300, 10, 3600),
  ECOM_SHUTDOWN_SECONDS: whole(
    'How long work may take to finish when the process is told to stop. The terminationGracePeriodSeconds of the pod must be 18 more at least: 10 until what is aborted has ended, 5 for the lease, 3 for the last events.',
    20,
    1,
    600,
  ),
  ECOM_LEADER_ELECTION: {
    meaning: 'Whether replicas agree on a leader; false only where there is never more than one.',
    default: 'true',
    rule: 'must be true or false',
    read: (value: string) => (value === 'true' ? true : value === 'false' ? false : undefined),
  },
  ECOM_IDENTITY: matching(
    'Name of this replica in the lease and in events; its host name unless set.',
    '',
    /^[-\w.]{0,100}$/,
    'must be letters, digits, hyphens, dots and underscores, at most 100',
  ),
  ECOM_LEASE_NAMESPACE: matching(
    'Namespace of the lease; the own one unless set.',
    '',
    /^$|^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    isLabel,
  ),
  ECOM_LEASE_NAME: matching(
    'Name of the lease; the Role of manifests/base/rbac.yaml must name the same one in its resourceNames.',
    'ecomstore-operator',
    dnsLabel,
    isLabel,
  ),
  ECOM_LEASE_DURATION_SECONDS: whole('How long others leave a lease alone that is not renewed.', 15, 3, 3600),
  ECOM_LEASE_RENEW_SECONDS: whole('A leader that could not renew for so long stops its work.', 10, 2, 3600),
  ECOM_LEASE_RETRY_SECONDS: whole('How often the lease is renewed, or tried to be taken.', 2, 1, 600),
  ECOM_METRICS_ADDRESS: matching(
    'Address on which probes and metrics are served; all of the pod, of IPv6 and IPv4, unless set.',
    '',
    /^$|^[\da-fA-F.:]+$|^localhost$/,
    'must be an IP address',
  ),
  ECOM_METRICS_PORT: whole('Port on which probes and metrics are served; 0 picks a free one.', 8080, 0, 65535),
  ECOM_LOG_LEVEL: {
    meaning:
      'What is logged: debug, info, warn or error. What is made, changed and deleted in AWS is logged at info, what a person has to look at at warn.',
    default: 'info',
    rule: `must be one of ${logLevels.join(', ')}`,
    read: (value: string) => logLevels.find((level) => level === value),
  },
  ECOM_BEAT_EXPOSURE_SECONDS: whole('How often what can expose a store is read from AWS.', 60, 10, 86_400),
  ECOM_BEAT_EXISTENCE_SECONDS: whole('How often is read what there is.', 120, 10, 86_400),
  ECOM_BEAT_SETTINGS_SECONDS: whole('How often every setting is read.', 900, 30, 86_400),
  ECOM_READ_LAG_SECONDS: whole("How long AWS's lists may lag behind its writes.", 30, 1, 3600),
  ECOM_UNKNOWN_OUTCOME_SECONDS: whole(
    'How long a creation whose answer was lost is looked for before it is tried again.',
    300,
    10,
    3600,
  ),
  ECOM_TIME_SCALE: whole(
    'Divides all waiting beside a stand-in of AWS whose clock runs so many times as fast; 1 for AWS itself.',
    1,
    1,
    10_000,
  ),
} satisfies Record<string, Variable<unknown>>;
