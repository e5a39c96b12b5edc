import { isObject, listOr } from './json.ts';

/** Follows one step of a path from many values to many. */
type Step = (values: readonly unknown[]) => unknown[];

/**
 * The part of Kubernetes' JSONPath that printer columns use: fields, indexes, `[*]`, and filters as
 * `[?(@.type=="Ready")]`. https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function jsonPath(path: string): (value: unknown) => unknown[] {
  const steps: Step[] = [];
  let rest = path.trim();
  while (rest !== '') {
    const [matched, step] = firstStep(rest);
    if (!step) throw new Error(`a JSONPath that this stand-in cannot read: ${path}`);
    steps.push(step);
    rest = rest.slice(matched.length);
  }
  return (value) => steps.reduce<unknown[]>((values, step) => step(values), [value]);
}

const filter = /^\[\?\(@((?:\.[\w-]+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|(\w+))\)\]/;
const field = /^\.((?:[^.[\]\\]|\\.)+)/;
const quoted = /^\[(?:'([^']*)'|"([^"]*)")\]/;
const index = /^\[(-?\d+)\]/;

function firstStep(text: string): [matched: string, step: Step | undefined] {
  const byFilter = filter.exec(text);
  if (byFilter) return [byFilter[0], filterStep(byFilter)];
  const byField = field.exec(text) ?? quoted.exec(text);
  if (byField) return [byField[0], fieldStep((byField[1] ?? byField[2] ?? '').replace(/\\(.)/g, '$1'))];
  const byIndex = index.exec(text);
  if (byIndex)
    return [byIndex[0], (values) => values.flatMap((value) => definedOnly(listOr(value).at(Number(byIndex[1]))))];
  const all = /^\.?\[?\*\]?/.exec(text);
  if (all)
    return [all[0], (values) => values.flatMap((value) => (isObject(value) ? Object.values(value) : listOr(value)))];
  return ['', undefined];
}

const definedOnly = (value: unknown): unknown[] => (value === undefined ? [] : [value]);

const fieldStep =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => definedOnly(isObject(value) ? value[name] : undefined));

function filterStep([, at = '', operator, double, single, bare]: RegExpExecArray): Step {
  const read = jsonPath(at);
  const wanted = double ?? single ?? bare;
  const holds = (item: unknown): boolean => {
    const [found] = read(item);
    const told = typeof found === 'string' ? found : JSON.stringify(found);
    return found !== undefined && (told === wanted) === (operator === '==');
  };
  return (values) => values.flatMap((value) => listOr(value).filter(holds));
}
