import { vi } from 'vitest';
import type { NodeOwner } from '../../operator/model/identity.ts';
import type { Aws } from '../../operator/model/ports.ts';
import type { AnyResourceType, Birth, Found } from '../../operator/model/resource-type.ts';
import { registry } from '../../operator/resources/index.ts';
import type { VirtualWorld } from './virtual-world.ts';

/** The calls that have written something of a node: `ec2:CreateVpc`. */
export type WritesByNode = ReadonlyMap<string, readonly string[]>;

/**
 * Notes from now on, until mocks are restored, of which nodes AWS is told to write anything: whatever a type does with a
 * resource is put down to its node. `unexplained`: what the ledger saw the operator write beside that.
 */
export function watchWrites(world: VirtualWorld): {
  readonly written: WritesByNode;
  readonly unexplained: () => string[];
} {
  const written = new Map<string, string[]>();
  const before = world.ledger.writes().length;
  const explained: string[] = [];
  const noting = (nodes: readonly string[], aws: Aws): Aws =>
    new Proxy(aws, {
      get: (services, service: keyof Aws) => (operation: string, input: object) => {
        const sent = world.cloud.writes().length;
        const answer = (services[service] as unknown as Call)(operation, input);
        const calls = world.cloud.writes().slice(sent);
        explained.push(...calls);
        if (calls.length > 0) for (const node of nodes) written.set(node, [...(written.get(node) ?? []), ...calls]);
        return answer;
      },
    });
  for (const type of registry.resources) spyOn(type, noting);
  const unexplained = (): string[] => {
    const left = [...explained];
    const calls = world.ledger
      .writes()
      .slice(before)
      .filter(({ principal }) => principal === 'operator');
    return calls
      .map(({ service, operation }) => `${service}:${operation}`)
      .filter((call) => {
        const at = left.indexOf(call);
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
  };
  return { written, unexplained };
}

type Call = (operation: string, input: object) => unknown;
type Noting = (nodes: readonly string[], aws: Aws) => Aws;
type Method = (aws: Aws, ...given: unknown[]) => unknown;

const ofFound = ([found]: unknown[]): string[] => [nodeOf(found as Found)];
const nodeOf = ({ owner }: Found): string => (owner as NodeOwner).node;

function spyOn(type: AnyResourceType, noting: Noting): void {
  note(type, 'create', ([, birth]) => [(birth as Birth).owner.node], noting);
  note(type, 'deleteAll', ([all]) => (all as Found[]).map(nodeOf), noting);
  for (const method of ['update', 'delete', 'retag', 'giveUp']) note(type, method, ofFound, noting);
  for (const method of ['snapshot', 'empty']) note(type.data ?? {}, method, ofFound, noting);
}

function note(target: object, method: string, nodesOf: (given: unknown[]) => string[], noting: Noting): void {
  const methods = target as Record<string, Method>;
  const original = methods[method];
  if (!original) return;
  vi.spyOn(methods, method).mockImplementation((aws, ...given) =>
    original.call(target, noting(nodesOf(given), aws), ...given),
  );
}
