import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { homeRegion } from '../../simulator/account.ts';

/** The environment in which the AWS CLI, boto3 and Terraform take the simulator for AWS, and nothing of this machine's. */
export function foreignEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(([key]) => !/^(AWS|ECOM|TF)_/.test(key));
  return {
    ...Object.fromEntries(clean),
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: homeRegion, AWS_DEFAULT_REGION: homeRegion, AWS_PAGER: '' },
    ...{ AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent', AWS_MAX_ATTEMPTS: '1' },
  };
}

/**
 * Describes what needs a program that is not ours. Where that is missing, it is said aloud and nothing is tried; in CI
 * it is a failure.
 */
export function describeForeign(title: string, missing: string | undefined, suite: () => void): void {
  if (missing === undefined) return void describe(title, suite);
  const why = `${title} is not tried: ${missing}`;
  if (process.env['CI'] === 'true')
    return test(title, () => {
      throw new Error(why);
    });
  console.warn(why);
  describe.skip(title, suite);
}

/** Undefined when the command runs and succeeds, else what to tell. */
export function lacking(command: string, args: readonly string[], told: string): string | undefined {
  return spawnSync(command, args).status === 0 ? undefined : told;
}

export const awsCli = process.env['ECOM_AWS_CLI'] ?? 'aws';
export const noAwsCli = lacking(awsCli, ['--version'], `there is no ${awsCli} (ECOM_AWS_CLI names another)`);

/** The AWS CLI on a simulator: what it prints, parsed. Of SQS its first version takes no endpoint from the environment. */
export const awsCliOn =
  (endpoint: string) =>
  async <T>(...args: readonly string[]): Promise<T> => {
    const { stdout } = await promisify(execFile)(awsCli, [...args, '--endpoint-url', endpoint, '--output', 'json'], {
      env: foreignEnvironment(endpoint),
    });
    return (stdout.trim() === '' ? undefined : JSON.parse(stdout)) as T;
  };
