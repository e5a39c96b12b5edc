import { AwsError } from '../core/aws-error.ts';

type Statement = Readonly<Record<string, unknown>>;

const malformed = (why: string): AwsError => new AwsError('MalformedPolicyDocument', why);

/** The statements of a document that reads as a policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
function statementsOf(text: string): Statement[] {
  const document = parsed(text);
  const { Version = '2008-10-17', Statement: given } = document;
  if (Version !== '2012-10-17' && Version !== '2008-10-17') throw malformed('Syntax errors in policy.');
  const statements = (Array.isArray(given) ? given : [given]) as unknown[];
  if (statements.length === 0) throw malformed('Syntax errors in policy.');
  return statements.map((one) => {
    if (typeof one !== 'object' || one === null) throw malformed('Syntax errors in policy.');
    const statement = one as Statement;
    if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') throw malformed('Syntax errors in policy.');
    if (!statement['Action'] && !statement['NotAction']) throw malformed('Policy statement must contain actions.');
    return statement;
  });
}

function parsed(text: string): Statement {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw error instanceof SyntaxError ? malformed('This policy contains invalid Json') : error;
  }
  if (typeof document !== 'object' || document === null) throw malformed('Syntax errors in policy.');
  return document as Statement;
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** White space does not count: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const sizeOf = (document: string): number => document.replace(/\s/g, '').length;

/** Refuses what is no policy of a role's own, or no policy at all. */
export function checkPermissions(text: string): void {
  for (const statement of statementsOf(text)) {
    if (statement['Principal'] ?? statement['NotPrincipal'])
      throw malformed('Policy document should not specify a principal.');
    const resources = statement['Resource'] ?? statement['NotResource'];
    if (resources === undefined) throw malformed('Policy statement must contain resources.');
    for (const resource of listed(resources))
      if (resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/.test(String(resource)))
        throw malformed(`Resource ${String(resource)} must be in ARN format or "*".`);
    for (const action of listed(statement['Action'] ?? statement['NotAction']))
      if (action !== '*' && !/^[a-z0-9-]+:.+$/i.test(String(action)))
        throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
}

/** Refuses what says not, or not only, who may take a role on. */
export function checkTrust(text: string): void {
  for (const statement of statementsOf(text)) {
    if (statement['Resource'] ?? statement['NotResource']) throw malformed('Has prohibited field Resource');
    if (!statement['Principal'] && !statement['NotPrincipal']) throw malformed('Missing required field Principal');
    for (const action of listed(statement['Action'] ?? statement['NotAction']))
      if (!/^sts:/i.test(String(action))) throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
  if (sizeOf(text) > 2048) throw new AwsError('LimitExceeded', 'Cannot exceed quota for ACLSizePerRole: 2048', 409);
}
