import type { World } from '../../../simulator/aws/core/world.ts';
import { mappings } from './mappings.ts';
import type { Part } from './part.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy: string;
  readonly UpdateReplacePolicy: string;
}

/** A CloudFormation template. */
export interface Template {
  readonly AWSTemplateFormatVersion: string;
  readonly Resources: Readonly<Record<string, Resource>>;
}

/**
 * All that exists in a simulated account, furniture aside, as a CloudFormation template. It is for judges to read, and
 * never applied. A kind that the table does not have is an error: nothing escapes a judge by being new.
 */
export function templateOf(world: World): Template {
  const everything = world.everything();
  const named = new Map<string, Part>();
  for (const { type, id, region } of world.ledger.existing()) {
    const value = everything.get(`${region}/${type}/${id}`);
    const mapping = mappings.get(type);
    if (!value || !mapping) throw new Error(`test/judges/template/mappings.ts does not say what ${type} ${id} is`);
    const base = logicalId(mapping.name(value) ?? `${type}/${id}`);
    for (const part of mapping.parts(value, { world, region, id })) {
      const name = base + logicalId(part.suffix ?? '');
      // While a resource is replaced there are two of one node.
      let free = name;
      for (let next = 2; named.has(free); next++) free = `${name}x${next}`;
      named.set(free, part);
    }
  }
  return { AWSTemplateFormatVersion: '2010-09-09', Resources: linked(named) };
}

/** `network/sg-app` is NetworkSgApp: logical ids are letters and digits. */
export const logicalId = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The logical id without the mark of the second of two, which there are while one takes the place of the other. */
export const nodeNameOf = (name: string): string => name.replace(/x[0-9]+$/, '');

/** Judges follow references, and know nothing of ids: whatever names a resource of the template refers to it. */
function linked(parts: ReadonlyMap<string, Part>): Template['Resources'] {
  const known = new Map<string, { readonly of: string; readonly said: object }>();
  for (const [name, { ids }] of parts)
    for (const [id, reference] of Object.entries(ids ?? {})) {
      // A judge that follows a reference to something else would judge something else.
      if (known.has(id)) throw new Error(`${name} and ${known.get(id)?.of} are both called ${id}`);
      known.set(id, { of: name, said: reference === 'Ref' ? { Ref: name } : { 'Fn::GetAtt': [name, reference] } });
    }
  const link = (value: unknown, inside: string): unknown => {
    if (typeof value === 'string') {
      const [, name = value, rest = ''] = /^(arn:aws:s3:::[^/]+)(\/.*)$/.exec(value) ?? [];
      const found = known.get(name);
      if (!found || found.of === inside) return value;
      return rest === '' ? found.said : { 'Fn::Join': ['', [found.said, rest]] };
    }
    if (Array.isArray(value)) return value.map((one) => link(one, inside));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, link(one, inside)]));
  };
  const resources = [...parts].map(([name, { type, properties, needs }]) => [
    name,
    // What becomes of data is the store's policy.deletion, which AWS knows nothing of.
    {
      Type: type,
      Properties: link(properties, name) as Record<string, unknown>,
      DependsOn: needs?.flatMap((id) => known.get(id)?.of ?? []),
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    },
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(resources))) as Template['Resources'];
}
