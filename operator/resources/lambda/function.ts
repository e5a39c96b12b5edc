import type { FunctionConfiguration, Runtime } from '@aws-sdk/client-lambda';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner, type Tags } from '../../model/identity.ts';
import { learntOwner, stolen } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType, State } from '../../model/resource-type.ts';
import { codeFrom, codeTag, isUnnoted, sameCode, sourceOf, type Code } from './code.ts';
import { isOwnFunction } from './ownership.ts';
import { invokersOf, setInvokers, type Invoker } from './invokers.ts';

/** Code that runs when somebody calls it: what is done with a message, say. */
export interface FunctionProps {
  readonly name: string;
  readonly packageType: 'Zip' | 'Image';
  readonly code: Code;
  /** Null for an image, which brings its own. */
  readonly runtime: string | null;
  readonly handler: string | null;
  readonly roleArn: string;
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  /** The name of the log group. */
  readonly logGroup: string;
  /** Where what it could not handle goes; null: it is lost. */
  readonly deadLetterArn: string | null;
  /** Who may call it, and nobody else. */
  readonly invokers: readonly Invoker[];
}

export interface FunctionOutputs {
  readonly functionArn: string;
}

type FunctionFound = Found<FunctionProps, FunctionOutputs>;

export const lambdaFunction: ResourceType<FunctionProps, FunctionOutputs> = {
  name: 'lambda/function',
  fields: {
    name: 'fixed',
    packageType: 'fixed',
    code: { mode: 'live', equal: sameCode },
    runtime: 'live',
    handler: 'live',
    roleArn: 'live',
    memoryMib: 'live',
    timeoutSeconds: 'live',
    logGroup: 'live',
    deadLetterArn: 'live',
    invokers: 'live',
  },
  needs: ['iam/role', 'logs/group', 'sqs/queue'],
  replace: 'delete-first',
  once: 'name',
  endedBy: 'DeleteFunction',
  key: ({ name }) => name,
  beat: 'existence',
  // What it has failed at is tried again after a minute, and after two more; with a function its queue goes.
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
  drains: 180_000,
  scope: 'regional',

  detailed: ['code', 'invokers'],

  async *list(aws, scope) {
    const read = (Marker?: string) => aws.lambda('ListFunctions', { Marker });
    for await (const { Functions = [] } of pages(read, (answer) => answer.NextMarker))
      yield await Promise.all(
        Functions.map(async (one) => {
          const { FunctionArn: arn = '' } = one;
          return told(one, await learntOwner(scope, arn, () => ownerOf(aws, arn)));
        }),
      );
  },

  stateUnlisted: true, // https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html

  async named(aws, ids) {
    const answers = await Promise.all(ids.map((FunctionName) => orAbsent(aws.lambda('GetFunction', { FunctionName }))));
    return answers.flatMap((answer) =>
      answer?.Configuration ? [told(answer.Configuration, ownerFromTags((answer.Tags ?? {}) as Tags))] : [],
    );
  },

  async detail(aws, found) {
    const answer = await orAbsent(aws.lambda('GetFunction', { FunctionName: found.id }));
    if (!answer?.Configuration) return undefined;
    const invokers = await invokersOf(aws, found.id);
    const { props, ...rest } = told(answer.Configuration, found.owner);
    const code = codeFrom(answer.Tags ?? {}, answer.Configuration.CodeSha256);
    return { ...rest, props: { ...props, code, invokers: [...invokers.values()].map(orStranger) } };
  },

  async create(aws, props, birth) {
    const made = await aws.lambda('CreateFunction', {
      ...settingsFrom(props),
      FunctionName: props.name,
      PackageType: props.packageType,
      Code: sourceOf(props.code),
      Tags: { ...birth.tags, ...codeTag(props.code) },
    });
    const found = told(made, birth.owner);
    return { ...found, props: { ...found.props, code: codeFrom({}, undefined), invokers: [] } };
  },

  /** AWS makes one change at a time: of two it refuses the second for a moment, and the next decision asks for it again. */
  async update(aws, found, props, fields) {
    const FunctionName = found.id;
    if (!(await isOwnFunction(aws, found))) throw stolen('foreign', `function ${FunctionName}`);
    if (fields.has('invokers')) await setInvokers(aws, FunctionName, props.invokers);
    if (settings.some((field) => fields.has(field)))
      await aws.lambda('UpdateFunctionConfiguration', { FunctionName, ...settingsFrom(props) });
    if (fields.has('code')) await setCode(aws, FunctionName, props.code);
  },

  async delete(aws, found) {
    if (!(await isOwnFunction(aws, found))) throw stolen('refused', `function ${found.id}`);
    await orAbsent(aws.lambda('DeleteFunction', { FunctionName: found.id }));
  },
};

const settings: readonly (keyof FunctionProps)[] = [
  ...(['runtime', 'handler', 'roleArn', 'memoryMib', 'timeoutSeconds', 'logGroup', 'deadLetterArn'] as const),
];

/** Somebody who was let in by another statement than ours: he is none that anybody wants. */
const orStranger = (invoker: Invoker | undefined): Invoker => invoker ?? { service: 'somebody', sourceArn: '*' };

const settingsFrom = (props: FunctionProps) => ({
  Role: props.roleArn,
  Runtime: (props.runtime ?? undefined) as Runtime | undefined,
  Handler: props.handler ?? undefined,
  MemorySize: props.memoryMib,
  Timeout: props.timeoutSeconds,
  LoggingConfig: { LogFormat: 'JSON' as const, LogGroup: props.logGroup },
  // An empty target takes it away.
  DeadLetterConfig: { TargetArn: props.deadLetterArn ?? '' },
});

/** A new function has this code already, and only its checksum is to be noted. */
async function setCode(aws: Aws, FunctionName: string, code: Code): Promise<void> {
  const { Tags = {}, Configuration } = await aws.lambda('GetFunction', { FunctionName });
  const { CodeSha256 } = isUnnoted(Tags, code)
    ? (Configuration ?? {})
    : await aws.lambda('UpdateFunctionCode', { FunctionName, ...sourceOf(code) });
  await aws.lambda('TagResource', { Resource: FunctionName, Tags: { ...codeTag(code, CodeSha256) } });
}

async function ownerOf(aws: Aws, Resource: string): Promise<NodeOwner | undefined> {
  const answer = await orAbsent(aws.lambda('ListTags', { Resource }));
  return ownerFromTags((answer?.Tags ?? {}) as Tags);
}

function stateOf({ State: state, StateReason: reason = '', LastUpdateStatus }: FunctionConfiguration): State {
  if (state === 'Pending') return { is: 'pending', reason: 'Lambda is making the function' };
  if (state === 'Failed') return { is: 'failed', reason };
  if (state === 'Deleting') return { is: 'deleting', reason: 'Lambda is deleting the function' };
  if (LastUpdateStatus === 'InProgress') return { is: 'changing', reason: 'Lambda is changing the function' };
  return { is: 'ready' };
}

const told = (one: FunctionConfiguration, owner: NodeOwner | undefined): FunctionFound => ({
  id: one.FunctionArn ?? '',
  key: one.FunctionName,
  owner,
  state: stateOf(one),
  props: {
    name: one.FunctionName,
    packageType: one.PackageType,
    runtime: one.Runtime ?? null,
    handler: one.Handler ?? null,
    roleArn: one.Role,
    memoryMib: one.MemorySize,
    timeoutSeconds: one.Timeout,
    logGroup: one.LoggingConfig?.LogGroup,
    deadLetterArn: one.DeadLetterConfig?.TargetArn ?? null,
  },
  outputs: { functionArn: one.FunctionArn },
});
