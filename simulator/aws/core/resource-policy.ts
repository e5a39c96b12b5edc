/** One statement of a policy that hangs on a resource. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface ResourcePolicy {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

/** What a policy says, or why it says nothing. */
export function readPolicy(text: string): ResourcePolicy | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return 'the policy is no JSON';
    throw error;
  }
  const { Statement: given, Version } = (document ?? {}) as { Statement?: Statement | Statement[]; Version?: string };
  const statements = [given].flat().filter((one) => one !== undefined);
  if (statements.length === 0) return 'a policy has statements';
  for (const { Effect, Principal, Action, Resource } of statements) {
    if (Effect !== 'Allow' && Effect !== 'Deny') return 'a statement allows or denies';
    if (Principal === undefined) return 'a statement names principals';
    if (Action === undefined || Resource === undefined) return 'a statement names actions and resources';
  }
  return { ...(Version === undefined ? {} : { Version }), Statement: statements };
}

/** One string and a list of one are the same to AWS. */
export const listed = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();
