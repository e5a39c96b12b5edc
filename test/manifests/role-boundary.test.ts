import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { oneBoundary, role, type RoleProps } from '../../operator/resources/iam/role.ts';
import { compose } from '../../operator/store/compose.ts';
import { withDefaults, type EcomStoreManifestSpec } from '../../operator/store/spec.ts';
import { parse } from 'yaml';
import { roleBoundary } from '../../scripts/role-boundary.ts';

const boundary = 'arn:aws:iam::111122223333:policy/ecom-boundary';
const owner = { installation: 'default', namespace: 'shops', name: 'acme', uid: 'u1' };
const kmsKeyArn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

interface Props {
  readonly inlinePolicies: Record<
    string,
    { readonly Statement: { readonly Action: string[]; readonly Resource: unknown }[] }
  >;
  readonly permissionsBoundaryArn: RoleProps['permissionsBoundaryArn'];
}

/** The roles of a store that has every section, as the operator of an installation makes them. */
function rolesOf(own: string | undefined, installations: string | undefined): Props[] {
  const { spec } = parse(readFileSync('examples/everything.yaml', 'utf8')) as { spec: EcomStoreManifestSpec };
  const { permissionsBoundaryArn: _own, ...policy } = spec.policy ?? {};
  const full = withDefaults({
    ...spec,
    notifications: { ...spec.notifications, kmsKeyArn },
    policy: { ...policy, ...(own ? { permissionsBoundaryArn: own } : {}) },
  } as EcomStoreManifestSpec);
  const { nodes } = compose({ owner, account: '111122223333', spec: full, boundary: installations });
  return [...nodes.values()].filter(({ type }) => type === role).map(({ props }) => props as unknown as Props);
}

/** IAM's `*` in a pattern. */
const fits = (pattern: string, value: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(value);

test.each([
  [undefined, boundary, boundary],
  [boundary, boundary, boundary],
  [boundary, undefined, boundary],
  [undefined, undefined, null],
])('roles of a store with boundary %s in an installation with %s have %s', (own, installations, expected) => {
  const roles = rolesOf(own, installations);
  expect(roles.length).toBeGreaterThan(2);
  for (const { permissionsBoundaryArn } of roles) expect(permissionsBoundaryArn).toBe(expected);
});

test('a store that names another boundary than its installation gets no role', () => {
  for (const one of rolesOf(`${boundary}-of-mine`, boundary))
    expect(() => oneBoundary(one)).toThrow(`the permissions boundary ${boundary}`);
});

test('manifests/iam-boundary.json lets every role do what its store gives it, and nothing that no role does', () => {
  const { Statement: most } = roleBoundary();
  const given = rolesOf(undefined, undefined).flatMap(({ inlinePolicies }) =>
    Object.values(inlinePolicies).flatMap(({ Statement }) => Statement),
  );
  const refused = given.flatMap(({ Action, Resource }) =>
    // What is a ref is known only when it is made.
    [Resource].flat().flatMap((resource) =>
      Action.filter(
        (action) =>
          !most.some(
            (one) =>
              one.Action.includes(action) &&
              (typeof resource !== 'string' || one.Resource.some((pattern) => fits(pattern, resource))),
          ),
      ).map((action) => `${action} on ${String(resource)}`),
    ),
  );
  expect(refused).toEqual([]);
  const used = new Set(given.flatMap(({ Action }) => Action));
  expect(most.flatMap(({ Action }) => Action).filter((action) => !used.has(action))).toEqual([]);
});
