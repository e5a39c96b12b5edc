import { digest } from '../../model/identity.ts';
import { orAbsent } from '../../model/faults.ts';
import type { Aws } from '../../model/ports.ts';

/** An AWS service that may call a function in the name of one of its resources. */
export interface Invoker {
  /** `sns.amazonaws.com` */
  readonly service: string;
  readonly sourceArn: string;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: { readonly Service?: string } | string;
  readonly Action?: string;
  readonly Condition?: object;
}

/** Who may call a function, by the id of the statement that says so; undefined of one that is not as we write them. */
export type Invokers = ReadonlyMap<string, Invoker | undefined>;

const statementId = ({ service, sourceArn }: Invoker): string => `ecom-${digest(`${service}\n${sourceArn}`, 16)}`;

const call = 'lambda:InvokeFunction';

/** A function that nobody may call has no policy. */
export async function invokersOf(aws: Aws, FunctionName: string): Promise<Invokers> {
  const answer = await orAbsent(aws.lambda('GetPolicy', { FunctionName }));
  const { Statement = [] } = JSON.parse(answer?.Policy ?? '{}') as { Statement?: readonly Statement[] };
  return new Map(Statement.map((one) => [one.Sid ?? '', invokerFrom(one)]));
}

function invokerFrom({ Sid, Effect, Principal, Action, Condition }: Statement): Invoker | undefined {
  const { ArnLike = {}, ...otherConditions } = (Condition ?? {}) as { ArnLike?: Readonly<Record<string, string>> };
  const { 'AWS:SourceArn': sourceArn, ...otherKeys } = ArnLike;
  const service = typeof Principal === 'object' ? Principal.Service : undefined;
  const isPlain = Object.keys(otherConditions).length === 0 && Object.keys(otherKeys).length === 0;
  if (Effect !== 'Allow' || Action !== call || !isPlain || service === undefined || sourceArn === undefined)
    return undefined;
  const invoker = { service, sourceArn };
  return Sid === statementId(invoker) ? invoker : undefined;
}

/** Lets in whom it names, and nobody else: one call for each statement, the strangers' first. */
export async function setInvokers(aws: Aws, FunctionName: string, wanted: readonly Invoker[]): Promise<void> {
  const found = await invokersOf(aws, FunctionName);
  const ids = new Set(wanted.map(statementId));
  for (const [StatementId, invoker] of found)
    if (!invoker || !ids.has(StatementId))
      await orAbsent(aws.lambda('RemovePermission', { FunctionName, StatementId }));
  for (const invoker of wanted.filter((one) => !found.get(statementId(one))))
    await aws.lambda('AddPermission', {
      ...{ FunctionName, StatementId: statementId(invoker), Action: call },
      ...{ Principal: invoker.service, SourceArn: invoker.sourceArn },
    });
}
