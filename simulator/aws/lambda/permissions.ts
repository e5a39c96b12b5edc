import type { Statement } from '../core/resource-policy.ts';
import type { Operations, Request } from '../core/request.ts';
import { withoutTags, type TagMap } from '../core/tags.ts';
import { exposedByPolicy } from '../s3/public.ts';
import { absent, conflict, functionOf, functions, invalid, type LambdaFunction } from './kinds.ts';

interface Named {
  readonly FunctionName: string;
}

interface Permission extends Named {
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
}

const policyOf = ({ statements }: LambdaFunction): string =>
  JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });

function principalOf(principal: string): Statement['Principal'] {
  if (principal === '*') return '*';
  if (principal.endsWith('.amazonaws.com')) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
function statementFrom(given: Permission, arn: string): Statement {
  const { StatementId: Sid, Action, Principal, SourceArn, SourceAccount } = given;
  const Condition = {
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  const narrowed = Object.keys(Condition).length > 0 ? { Condition } : {};
  return { Sid, Effect: 'Allow', Principal: principalOf(Principal), Action, Resource: arn, ...narrowed };
}

/** The function that tags are about: by its ARN alone. */
function tagged(request: Request, arn: string): LambdaFunction {
  if (!arn.includes(':function:')) throw invalid('Tags are supported on functions only.');
  return functionOf(request, arn);
}

export const permissionOperations: Operations = {
  AddPermission: (given: Permission, request) => {
    const { name, arn, statements } = functionOf(request, given.FunctionName);
    const { StatementId } = given;
    if (statements.some(({ Sid }) => Sid === StatementId))
      throw conflict(
        `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    const statement = statementFrom(given, arn);
    request.in(functions).change(name, { statements: [...statements, statement] });
    return { Statement: JSON.stringify(statement) };
  },
  RemovePermission: ({ FunctionName, StatementId }: Named & { StatementId: string }, request) => {
    const { name, statements } = functionOf(request, FunctionName);
    if (!statements.some(({ Sid }) => Sid === StatementId))
      throw absent(`Statement ${StatementId} is not found in resource policy.`);
    request.in(functions).change(name, { statements: statements.filter(({ Sid }) => Sid !== StatementId) });
  },
  GetPolicy: ({ FunctionName }: Named, request) => {
    const found = functionOf(request, FunctionName);
    if (found.statements.length === 0) throw absent('The resource you requested does not exist.');
    return { Policy: policyOf(found) };
  },
  TagResource: ({ Resource, Tags }: { Resource: string; Tags: TagMap }, request) => {
    const { name, tags } = tagged(request, Resource);
    if (Object.keys({ ...tags, ...Tags }).length > 50) throw invalid('Number of tags exceeds function tag limit of 50');
    request.in(functions).change(name, { tags: { ...tags, ...Tags } });
  },
  UntagResource: ({ Resource, TagKeys }: { Resource: string; TagKeys: string[] }, request) => {
    const { name, tags } = tagged(request, Resource);
    request.in(functions).change(name, { tags: withoutTags(tags, TagKeys) });
  },
  ListTags: ({ Resource }: { Resource: string }, request) => ({ Tags: { ...tagged(request, Resource).tags } }),
};

/** Anybody who has an AWS account could call these. */
export const exposedFunctions = exposedByPolicy('function', functions, policyOf);
