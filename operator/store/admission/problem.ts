/** Where in a manifest: keys of objects and indexes of lists. */
export type Path = readonly (string | number)[];

/** Something wrong with a manifest: where, what it says, against which rule, and what to do. */
export interface Problem {
  readonly path: Path;
  readonly value: unknown;
  /** The rule's name (a keyword of the schema, `unknown field`), or the rule itself where it is one in CEL. */
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

/** The text of a value as it stands in the file, before it became the boolean or number that YAML takes it for. */
export type Written = (path: Path) => string | undefined;

/** A path as people write it, the same way as the API server: `spec.domain.aliases[0]`. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
