import { age } from './age.ts';
import { isObject, listOr, objectOr } from './json.ts';
import { jsonPath } from './json-path.ts';
import type { KubeObject } from './object.ts';

/** A column of what `kubectl get` prints. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Above 0: only with `-o wide`. */
  readonly priority: number;
  readonly cell: (object: KubeObject, now: number) => unknown;
}

const column = (name: string, cell: Column['cell'], more: Partial<Column> = {}): Column => ({
  name,
  type: 'string',
  format: '',
  description: name,
  priority: 0,
  cell,
  ...more,
});

const wide = { priority: 1 };
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const count = (...values: unknown[]): number =>
  values.reduce<number>((sum, value) => sum + Object.keys(objectOr(value)).length, 0);

export const nameColumn = column('Name', ({ metadata }) => metadata.name, {
  format: 'name',
  description: 'Name must be unique within a namespace.',
});
export const ageColumn = column('Age', ({ metadata }, now) => age(metadata.creationTimestamp, now));

export const namespaceColumns = [
  nameColumn,
  column('Status', (object) => text(objectOr(object['status'])['phase'])),
  ageColumn,
];
export const configMapColumns = [
  nameColumn,
  column('Data', (object) => count(object['data'], object['binaryData'])),
  ageColumn,
];
export const secretColumns = [
  nameColumn,
  column('Type', (object) => text(object['type'])),
  column('Data', (object) => count(object['data'])),
  ageColumn,
];
export const serviceAccountColumns = [nameColumn, ageColumn];
export const leaseColumns = [
  nameColumn,
  column('Holder', (object) => text(objectOr(object['spec'])['holderIdentity'])),
  ageColumn,
];
export const crdColumns = [
  nameColumn,
  column('Created At', ({ metadata }) => metadata.creationTimestamp, { type: 'date' }),
];

/** Of events as core/v1 has them. */
export const eventColumns = [
  column('Last Seen', (event, now) =>
    age(event['lastTimestamp'] ?? event['eventTime'] ?? event['firstTimestamp'], now),
  ),
  column('Type', (event) => text(event['type'])),
  column('Reason', (event) => text(event['reason'])),
  column('Object', (event) => {
    const { kind, name } = objectOr(event['involvedObject']);
    return `${text(kind).toLowerCase()}/${text(name)}`;
  }),
  column('Subobject', (event) => text(objectOr(event['involvedObject'])['fieldPath']), wide),
  column(
    'Source',
    (event) => [text(event['reportingComponent']), text(event['reportingInstance'])].filter((part) => part).join(', '),
    wide,
  ),
  column('Message', (event) => text(event['message']).trim()),
  column('First Seen', (event, now) => age(event['firstTimestamp'] ?? event['eventTime'], now), wide),
  column('Count', (event) => event['count'] ?? 1, wide),
  column('Name', ({ metadata }) => metadata.name, { ...wide, format: 'name' }),
];

/** The columns that a version of a CRD declares, or the name and age. */
export function declaredColumns(declared: unknown): Column[] {
  const columns = listOr(declared).filter(isObject);
  return [nameColumn, ...(columns.length === 0 ? [ageColumn] : columns.map(declaredColumn))];
}

function declaredColumn(declared: Record<string, unknown>): Column {
  const path = text(declared['jsonPath']);
  const read = jsonPath(path);
  const type = text(declared['type']);
  return column(text(declared['name']), (object, now) => cellOf(type, read(object)[0], now), {
    type,
    format: text(declared['format']),
    description: text(declared['description']) || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: typeof declared['priority'] === 'number' ? declared['priority'] : 0,
  });
}

/** A value that does not fit its column's type is left out. */
function cellOf(type: string, value: unknown, now: number): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'date') return typeof value === 'string' ? age(value, now) : null;
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null;
  if (type === 'number') return typeof value === 'number' ? value : null;
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
