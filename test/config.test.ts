import { describe, expect, test } from 'vitest';
import { BadConfig, configHelp, readConfig, unknownVariables } from '../operator/config.ts';
import { variables } from '../operator/variables.ts';

const problems = (env: NodeJS.ProcessEnv): BadConfig['problems'] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof BadConfig) return error.problems;
    throw error;
  }
  return [];
};

test('an empty environment is enough', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    installation: 'default',
    boundary: undefined,
    namespaces: [],
    leaderElection: true,
    lease: { name: 'ecomstore-operator', durationMillis: 15_000, renewMillis: 10_000, retryMillis: 2_000 },
    metrics: { port: 8080 },
    beatMillis: { exposure: 60_000, existence: 120_000, settings: 900_000 },
    readLagMillis: 30_000,
    unknownOutcomeMillis: 300_000,
    timeScale: 1,
    awsRegion: 'us-east-1',
  });
});

test('what is set counts, and what is set to nothing does not', () => {
  expect(
    readConfig({
      ECOM_NAMESPACES: 'shops, outlet,shops',
      ECOM_WORKERS: '',
      ECOM_LEADER_ELECTION: 'false',
      AWS_REGION: 'eu-west-1',
    }),
  ).toMatchObject({ namespaces: ['shops', 'outlet'], workers: 8, leaderElection: false, awsRegion: 'eu-west-1' });
});

test.each([
  ['ECOM_WORKERS', '0'],
  ['ECOM_WORKERS', '3.5'],
  ['ECOM_WORKERS', 'many'],
  ['ECOM_WORKERS', '1e2'],
  ['ECOM_METRICS_PORT', '70000'],
  ['ECOM_LOG_LEVEL', 'verbose'],
  ['ECOM_LEADER_ELECTION', 'yes'],
  ['ECOM_NAMESPACES', 'shops;outlet'],
  ['ECOM_INSTALLATION', 'My Shop'],
  ['ECOM_PERMISSIONS_BOUNDARY', 'arn:aws:iam::111122223333:role/ecom-boundary'],
  ['ECOM_METRICS_ADDRESS', 'everywhere'],
  ['ECOM_BEAT_EXPOSURE_SECONDS', '1'],
])('%s=%s is refused with its name, its value, the rule and a remedy', (name, value) => {
  const [problem, ...others] = problems({ [name]: value });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ name, value });
  expect(problem?.rule).toMatch(/^must be /);
  expect(problem?.remedy).not.toBe('');
});

test('everything that is wrong is told at once', () => {
  expect(problems({ ECOM_WORKERS: '0', ECOM_LOG_LEVEL: 'loud', ECOM_METRICS_PORT: '-1' })).toHaveLength(3);
  expect(() => readConfig({ ECOM_WORKERS: '0' })).toThrow(
    'ECOM_WORKERS="0": must be a whole number from 1 to 256; the default is "8"',
  );
});

describe('a lease', () => {
  test('must outlast its renewal deadline', () => {
    expect(problems({ ECOM_LEASE_RENEW_SECONDS: '15' })[0]?.name).toBe('ECOM_LEASE_RENEW_SECONDS');
  });

  test('must be tried more than once before its deadline', () => {
    expect(problems({ ECOM_LEASE_RETRY_SECONDS: '6' })[0]?.name).toBe('ECOM_LEASE_RETRY_SECONDS');
  });
});

describe('a faster clock', () => {
  test.each([undefined, 'https://ec2.eu-central-1.amazonaws.com', 'http://127.0.0.1.example.com:80', 'nonsense'])(
    'is refused beside %s',
    (endpoint) => {
      expect(problems({ ECOM_TIME_SCALE: '60', AWS_ENDPOINT_URL: endpoint })[0]?.name).toBe('ECOM_TIME_SCALE');
    },
  );

  test.each(['http://127.0.0.1:4566', 'http://localhost:4566', 'http://[::1]:4566'])(
    'is allowed beside %s',
    (endpoint) => {
      expect(readConfig({ ECOM_TIME_SCALE: '60', AWS_ENDPOINT_URL: endpoint }).timeScale).toBe(60);
    },
  );
});

test('help names every variable with its meaning and default', () => {
  for (const [name, { meaning, default: initial }] of Object.entries(variables)) {
    expect(configHelp()).toContain(initial ? `${name}=${initial}` : name);
    expect(configHelp()).toContain(meaning);
  }
});

test('a misspelt variable is noticed', () => {
  expect(unknownVariables({ ECOM_WORKER: '4', ECOM_WORKERS: '4', PATH: '' })).toEqual(['ECOM_WORKER']);
});
