import type { Request } from '../core/request.ts';
import { assumable } from '../iam/assumable.ts';
import type { Role } from '../iam/roles.ts';
import { invalid, notSimulated, type LambdaFunction, type Settings } from './kinds.ts';

export type SettingsGiven = Partial<Settings>;

const simulated = new Set([
  ...['Role', 'Runtime', 'Handler', 'Description', 'Timeout', 'MemorySize', 'DeadLetterConfig', 'LoggingConfig'],
  ...['Environment', 'Architectures'],
]);

/** What a call sets over what there is: what it leaves out stays. */
export function settingsAfter(
  request: Request,
  before: SettingsGiven,
  given: SettingsGiven & Readonly<Record<string, unknown>>,
  { name, packageType }: Pick<LambdaFunction, 'name' | 'packageType'>,
): Settings {
  const stranger = Object.keys(given).find((key) => !simulated.has(key) && given[key] !== undefined);
  if (stranger !== undefined) throw notSimulated(`A function with ${stranger}`);
  const { DeadLetterConfig, LoggingConfig, ...others } = given;
  const settings = {
    ...{ Description: '', Timeout: 3, MemorySize: 128, Architectures: ['x86_64'] },
    ...before,
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    LoggingConfig: {
      LogFormat: LoggingConfig?.LogFormat ?? before.LoggingConfig?.LogFormat ?? 'Text',
      LogGroup: LoggingConfig?.LogGroup ?? before.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    },
    // An empty target takes it away.
    DeadLetterConfig: DeadLetterConfig ? onlyWith(DeadLetterConfig) : before.DeadLetterConfig,
  } as Settings;
  checkPackage(settings, packageType);
  checkRole(request, settings);
  return settings;
}

const onlyWith = (config: { readonly TargetArn?: string }) => (config.TargetArn ? config : undefined);

function checkPackage({ Runtime, Handler }: Settings, packageType: 'Zip' | 'Image'): void {
  if (packageType === 'Image' && (Runtime !== undefined || Handler !== undefined))
    throw invalid(
      "Please don't provide Handler or Runtime or Layer when the intent is to create function with PackageType as Image.",
    );
  if (packageType === 'Zip' && (Runtime === undefined || Handler === undefined))
    throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
}

/** https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html */
function checkRole(request: Request, { Role: arn, DeadLetterConfig }: Settings): void {
  const role = assumable(request, arn, 'lambda.amazonaws.com');
  if (!role) throw invalid('The role defined for the function cannot be assumed by Lambda.');
  const target = DeadLetterConfig?.TargetArn;
  if (target === undefined) return;
  const [action, service] = target.startsWith('arn:aws:sns:') ? ['Publish', 'SNS'] : ['SendMessage', 'SQS'];
  if (!mayDo(role, `${service.toLowerCase()}:${action}`, target))
    throw invalid(`The provided execution role does not have permissions to call ${action} on ${service}`);
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

/** Whether one of the role's own policies allows it by name; wildcards but the lonely star are not understood. */
const mayDo = ({ inline }: Role, action: string, resource: string): boolean =>
  Object.values(inline).some((text) =>
    [(JSON.parse(text) as { Statement: Statement | Statement[] }).Statement]
      .flat()
      .some(
        ({ Effect, Action, Resource }) =>
          Effect === 'Allow' &&
          [Action].flat().some((one) => one === action || one === '*') &&
          [Resource].flat().some((one) => one === resource || one === '*'),
      ),
  );
