import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import type { TagMap } from '../core/tags.ts';
import { durations } from '../durations.ts';
import { fetched, type CodeGiven } from './code.ts';
import { conflict, functionOf, functions, invalid, notSimulated, type LambdaFunction } from './kinds.ts';
import { settingsAfter, type SettingsGiven } from './settings.ts';

interface Named {
  readonly FunctionName: string;
}

interface Create extends Named, SettingsGiven {
  readonly Code: CodeGiven;
  readonly PackageType?: 'Zip' | 'Image';
  readonly Publish?: boolean;
  readonly Tags?: TagMap;
}

/** As lists tell it: without what is going on. https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
const brief = (one: LambdaFunction) => ({
  FunctionName: one.name,
  FunctionArn: one.arn,
  PackageType: one.packageType,
  CodeSize: one.code.size,
  CodeSha256: one.code.sha256,
  LastModified: new Date(one.changedAt).toISOString().replace('Z', '+0000'),
  Version: '$LATEST',
  ...one.settings,
});

const told = (one: LambdaFunction) => ({
  ...brief(one),
  State: one.state,
  ...(one.reason === undefined ? {} : { StateReason: one.reason }),
  ...(one.state === 'Pending' ? { StateReasonCode: 'Creating' } : {}),
  LastUpdateStatus: one.updating ? 'InProgress' : 'Successful',
});

const isImage = ({ packageType }: Pick<LambdaFunction, 'packageType'>): boolean => packageType === 'Image';

function create({ FunctionName, Code, PackageType = 'Zip', Publish, Tags = {}, ...given }: Create, request: Request) {
  if (Publish) throw notSimulated('A version of a function');
  const name = FunctionName.split(':function:').at(-1) ?? '';
  const all = request.in(functions);
  if (all.get(name)) throw conflict(`Function already exist: ${name}`);
  const kind = { name, packageType: PackageType };
  const settings = settingsAfter(request, {}, given as SettingsGiven & Record<string, unknown>, kind);
  const made = all.put(name, {
    ...kind,
    settings,
    arn: request.arn(`function:${name}`),
    tags: { ...Tags },
    code: fetched(request, Code, PackageType),
    state: 'Pending',
    reason: 'The function is being created.',
    updating: false,
    statements: [],
    changedAt: request.now,
  });
  const pending = isImage(made) ? durations.imageFunctionPending : durations.functionPending;
  request.world.schedule(pending, () => {
    if (all.get(name)?.state === 'Pending') all.change(name, { state: 'Active', reason: undefined });
  });
  return told(made);
}

/** One change at a time. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
function changeable(request: Request, { FunctionName }: Named): LambdaFunction {
  const found = functionOf(request, FunctionName);
  const now = 'The operation cannot be performed at this time.';
  if (found.state === 'Pending')
    throw conflict(`${now} The function is currently in the following state: ${found.state}`);
  if (found.updating) throw conflict(`${now} An update is in progress for resource: ${found.arn}`);
  return found;
}

function changed(request: Request, found: LambdaFunction, part: Partial<LambdaFunction>) {
  const all = request.in(functions);
  const after = all.change(found.name, { ...part, updating: true, changedAt: request.now });
  const updating = isImage(found) && part.code ? durations.imageFunctionUpdating : durations.functionUpdating;
  request.world.schedule(updating, () => {
    if (all.get(found.name)?.updating) all.change(found.name, { updating: false });
  });
  return told(after);
}

const codeOf = ({ code, packageType }: LambdaFunction) =>
  packageType === 'Image'
    ? {
        RepositoryType: 'ECR',
        ImageUri: code.imageUri,
        ResolvedImageUri: `${code.imageUri?.split(':')[0] ?? ''}@sha256:${code.sha256}`,
      }
    : { RepositoryType: 'S3', Location: 'https://awslambda-tasks.s3.amazonaws.com/snapshots/function' };

export const functionOperations: Operations = {
  CreateFunction: create,
  UpdateFunctionCode: (
    { FunctionName, Publish, DryRun, ...code }: CodeGiven & Named & Record<string, unknown>,
    request,
  ) => {
    if (Publish === true || DryRun === true) throw notSimulated('A version of a function, or a rehearsal');
    const found = changeable(request, { FunctionName });
    return changed(request, found, { code: fetched(request, code as CodeGiven, found.packageType) });
  },
  UpdateFunctionConfiguration: (
    { FunctionName, ...given }: SettingsGiven & Named & Record<string, unknown>,
    request,
  ) => {
    const found = changeable(request, { FunctionName });
    return changed(request, found, { settings: settingsAfter(request, found.settings, given, found) });
  },
  DeleteFunction: ({ FunctionName }: Named, request) => {
    request.in(functions).remove(functionOf(request, FunctionName).name);
    return { StatusCode: 204 };
  },
  GetFunction: ({ FunctionName }: Named, request) => {
    const found = functionOf(request, FunctionName);
    const tags = Object.keys(found.tags).length > 0 ? { Tags: { ...found.tags } } : {};
    return { Configuration: told(found), Code: codeOf(found), ...tags };
  },
  GetFunctionConfiguration: ({ FunctionName }: Named, request) => told(functionOf(request, FunctionName)),
  ListFunctions: (input: { Marker?: string; MaxItems?: number; FunctionVersion?: string }, request) => {
    const badToken = () => invalid('Invalid Marker.');
    const page = { token: input.Marker, size: input.MaxItems, most: 50, badToken };
    const { items, next } = pageOf(request.world, request.listed(functions), page);
    return { Functions: items.map(brief), NextMarker: next };
  },
  ListVersionsByFunction: ({ FunctionName }: Named, request) => ({
    Versions: [brief(functionOf(request, FunctionName))],
  }),
  GetFunctionConcurrency: ({ FunctionName }: Named, request) => {
    functionOf(request, FunctionName);
    return {};
  },
  GetFunctionCodeSigningConfig: ({ FunctionName }: Named, request) => ({
    FunctionName: functionOf(request, FunctionName).name,
  }),
  GetRuntimeManagementConfig: ({ FunctionName }: Named, request) => ({
    FunctionArn: functionOf(request, FunctionName).arn,
    UpdateRuntimeOn: 'Auto',
  }),
};
