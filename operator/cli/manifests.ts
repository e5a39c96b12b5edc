import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Tags,
} from 'yaml';
import type { Path } from '../store/admission/problem.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One object of a file. */
export interface Manifest {
  readonly value: unknown;
  /** Where a field stands in the file, or the nearest thing above it that is there. */
  locate(path: Path, part: 'key' | 'value'): Position;
  /** The text of a plain value, as it stands in the file. */
  written(path: Path): string | undefined;
}

export interface SyntaxProblem extends Position {
  readonly message: string;
  readonly remedy: string;
}

export interface Manifests {
  readonly objects: readonly Manifest[];
  readonly syntax: readonly SyntaxProblem[];
}

/**
 * The objects of a YAML or JSON text, read as kubectl reads it: YAML 1.1, where a bare `yes` is a boolean, but without
 * its numbers of base 60; merge keys; several documents; Lists opened.
 */
export function readManifests(source: string): Manifests {
  const lines = new LineCounter();
  const withoutTimes = (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !tag.tag.endsWith(':timestamp')));
  const documents = parseAllDocuments(source, {
    lineCounter: lines,
    version: '1.1',
    customTags: withoutTimes,
  });
  if (!Array.isArray(documents)) return { objects: [], syntax: [] };
  const read = documents.map((document, index) => {
    const end = documents[index + 1]?.range[0] ?? source.length;
    return readDocument(document, lines, source.slice(document.range[0], end));
  });
  return { objects: read.flatMap(({ objects }) => objects), syntax: read.flatMap(({ syntax }) => syntax) };
}

function readDocument(document: Document.Parsed, lines: LineCounter, source: string): Manifests {
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const faults = [
    ...document.errors.map(({ message, pos }) => ({ at: pos[0], message: firstLine(message) })),
    ...collectionKeys(document),
  ];
  // One mistake makes many: what comes after the first few is noise.
  const [remedy, worthTelling] = isTemplate(source) ? [renderFirst, 1] : ['correct it here or in the lines before', 3];
  const told = faults.sort((a, b) => a.at - b.at).slice(0, worthTelling);
  if (told.length > 0)
    return { objects: [], syntax: told.map(({ at, message }) => ({ ...position(at), message, remedy })) };
  const start = document.range[0];
  try {
    const value: unknown = document.toJS();
    const objects = opened(value).map(({ above, item }) => ({
      value: item,
      locate: (path: Path, part: 'key' | 'value') => position(offsetOf(document, [...above, ...path], part) ?? start),
      written: (path: Path) => writtenAt(document, [...above, ...path]),
    }));
    return { objects, syntax: [] };
  } catch (error) {
    // The YAML library refuses documents whose aliases would unfold without end.
    return { objects: [], syntax: [{ ...position(start), message: (error as Error).message, remedy }] };
  }
}

/** Helm's templates, and others that look like them, are YAML once they are rendered. */
export const isTemplate = (text: string): boolean => text.includes('{{');
export const renderFirst = 'render the template first, as in `helm template . | ecomstore validate -`';

/** The library's messages end with their place and an excerpt. */
const firstLine = (message: string): string =>
  (message.split('\n')[0] as string).replace(/ at line \d+, column \d+:$/, '');

/** YAML takes lists and objects for keys, JSON does not: mostly they are templates that were not rendered. */
function collectionKeys(document: Document.Parsed): { at: number; message: string }[] {
  const found: { at: number; message: string }[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isCollection(key)) found.push({ at: key.range?.[0] ?? 0, message: 'A key is not text' });
    },
  });
  return found;
}

function writtenAt(document: Document.Parsed, path: Path): string | undefined {
  const node = document.getIn(path, true);
  const value = isAlias(node) ? node.resolve(document) : node;
  return isScalar(value) ? value.source : undefined;
}

const isNil = (value: unknown): value is null | undefined => value === null || value === undefined;

/** A `kind: List` is its items. */
function opened(value: unknown): { above: Path; item: unknown }[] {
  if (isNil(value)) return [];
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  if (kind !== 'List' || !Array.isArray(items)) return [{ above: [], item: value }];
  // What is empty is nothing, as an empty document is.
  return items.flatMap((item: unknown, index) => (isNil(item) ? [] : [{ above: ['items', index], item }]));
}

/** Walks down a path as far as it is written, and answers where that is. */
function offsetOf(document: Document.Parsed, path: Path, part: 'key' | 'value'): number | undefined {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0];
  for (const [index, step] of path.entries()) {
    const at = isAlias(node) ? node.resolve(document) : node;
    const isLast = index === path.length - 1;
    if (isMap(at)) {
      const pair = at.items.find(({ key }) => String(key) === String(step));
      if (!isPair(pair)) return offset;
      const [key, value] = [pair.key as Node, pair.value as Node | null];
      offset = isLast && part === 'value' && value?.range ? value.range[0] : key.range?.[0];
      node = value;
    } else if (isSeq(at)) {
      const item = at.items[Number(step)] as Node | undefined;
      if (!item) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}
