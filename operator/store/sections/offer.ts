import type { Handle, NodeOptions } from '../../model/graph.ts';
import type { Join, Ref, Wanted } from '../../model/ref.ts';
import type { PolicyDocument } from '../../resources/iam/policies.ts';
import { parameter } from '../../resources/ssm/parameter.ts';
import { storePath, type Site } from '../site.ts';

/** What a section gives the application: where to find it, and what the store's instances may do with it. */
export interface Offer {
  /** The parameters that an instance reads when it starts. */
  readonly parameters: readonly Handle<unknown>[];
  /** Inline policies of the instances' role, by name. */
  readonly policies: Readonly<Record<string, Wanted<PolicyDocument>>>;
}

/** A parameter below `/ecom/<namespace>/<name>/`, where the store's own instances alone may read. Never a secret. */
export const publish = (
  { graph, owner }: Site,
  section: string,
  what: string,
  value: string | Ref<string> | Join,
  description: string,
  options: Pick<NodeOptions, 'turnsAfter'> = {},
): Handle<unknown> =>
  graph.add(
    parameter,
    `${section}/parameter-${what.replaceAll('/', '-')}`,
    { name: `${storePath(owner)}/${what}`, value, description },
    options,
  );

/** A policy that allows these actions on these resources and nothing else. */
export const allow = (
  actions: readonly string[],
  resources: readonly (string | Ref<string>)[] | '*',
  Condition?: object,
): Wanted<PolicyDocument> => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: resources, ...(Condition ? { Condition } : {}) }],
});
