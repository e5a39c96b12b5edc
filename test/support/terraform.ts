import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foreignEnvironment, lacking } from './foreign.ts';

const terraform = process.env['ECOM_TERRAFORM'] ?? 'terraform';
const modules = fileURLToPath(new URL('../foreign/terraform', import.meta.url));

/** A mirror of providers is a folder with a folder for each host, owner and provider, whether packed or unpacked. */
const providerBelow = join('registry.terraform.io', 'hashicorp', 'aws');

function findPlugins({ ECOM_TERRAFORM_PLUGINS, TF_PLUGIN_CACHE_DIR }: NodeJS.ProcessEnv): string | undefined {
  const shared = ['/usr/local/share/terraform/plugins', '/usr/share/terraform/plugins', '/opt/tf-plugins'];
  const usual = [TF_PLUGIN_CACHE_DIR, join(homedir(), '.terraform.d', 'plugins'), ...shared];
  const places = ECOM_TERRAFORM_PLUGINS === undefined ? usual : [ECOM_TERRAFORM_PLUGINS];
  return places.find((place) => {
    const folder = place === undefined ? undefined : join(place, providerBelow);
    return folder !== undefined && existsSync(folder) && readdirSync(folder).some((name) => /(^|_)5\./.test(name));
  });
}

/** Terraform waits in real time: minutes for a database, and for the replicas of it when it is there. */
const mostMillis = 900_000;

const plugins = findPlugins(process.env);

/** Undefined when Terraform and its AWS provider are on this machine, else what is missing. */
export const noTerraform =
  lacking(terraform, ['-version'], `there is no ${terraform} (ECOM_TERRAFORM names another)`) ??
  (plugins === undefined
    ? `no folder of plugins has Terraform's AWS provider 5 (ECOM_TERRAFORM_PLUGINS names one; it is filled by \`terraform providers mirror\`)`
    : undefined);

export interface TerraformRun {
  readonly code: number;
  readonly output: string;
}

/** Terraform in a folder of its own, on a simulator, without a network. */
export interface Terraform {
  readonly folder: string;
  run(...args: readonly string[]): Promise<TerraformRun>;
  /** Runs and answers the output; throws when it fails. */
  done(...args: readonly string[]): Promise<string>;
  close(): void;
}

/** The configurations there are: `examples/minimal.yaml`, `examples/complete.yaml`, and that with the sections it has not. */
export type Module = 'web-tier' | 'whole-store' | 'every-section';

export interface Root {
  readonly module: Module;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What else stands in it, such as imports. */
  readonly more?: string;
}

/**
 * Two, because Go's client closes a connection under its own reader now and then, which its SDK means to be tried again:
 * https://github.com/aws/aws-sdk-go-v2/issues/2737. What the simulator refuses is counted by itself, retried or not.
 */
const attempts = 'max_retries = 2';

/** Writes a root configuration that uses one of the modules, and makes it ready to run. */
export async function terraformOn(endpoint: string, { module, variables, more = '' }: Root): Promise<Terraform> {
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-terraform-'));
  const settings = join(folder, 'terraform.rc');
  const mirror = `filesystem_mirror {\n    path = ${JSON.stringify(plugins)}\n  }`;
  writeFileSync(settings, `disable_checkpoint = true\nprovider_installation {\n  ${mirror}\n}\n`);
  const root = join(folder, 'root');
  mkdirSync(root);
  const given = Object.entries(variables).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`);
  const source = `  source = ${JSON.stringify(join(modules, module))}`;
  const edge = '  providers = {\n    aws = aws\n    aws.us_east_1 = aws.us_east_1\n  }';
  const store = ['module "store" {', source, ...(module === 'web-tier' ? [] : [edge]), ...given, '}'].join('\n');
  const elsewhere = `provider "aws" {\n  alias = "us_east_1"\n  region = "us-east-1"\n  ${attempts}\n}`;
  const providers = [`provider "aws" {\n  ${attempts}\n}`, elsewhere];
  writeFileSync(join(root, 'main.tf'), [...providers, store, more].join('\n\n'));
  const env = { ...foreignEnvironment(endpoint), TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: 'true' };

  const run = (...args: readonly string[]): Promise<TerraformRun> =>
    new Promise((resolve, reject) => {
      const options = { cwd: root, env, maxBuffer: 2 ** 26, timeout: mostMillis, killSignal: 'SIGINT' } as const;
      execFile(terraform, [...args], options, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') return reject(error as Error);
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
      });
    });
  const done = async (...args: readonly string[]): Promise<string> => {
    const { code, output } = await run(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  };
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await done('init', '-no-color', '-input=false');
  } catch (error) {
    close();
    throw error;
  }
  return { folder: root, run, done, close };
}
