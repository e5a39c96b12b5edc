import { outlineOf, type Frame, type OutlineNode } from './outline.ts';
import type { Picture } from './picture.ts';
import { colours } from './signs.ts';

/**
 * Text between quotes. Mermaid reads HTML and Markdown in it, and has its own way of writing characters by number:
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
const quoted = (lines: readonly string[]): string => `"${lines.map(plain).join('<br/>')}"`;

const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/["#<>&`*_\\;{}[\]|]/g, (character) => `#${character.codePointAt(0)};`);

/** Stores as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html */
export function mermaidOf(pictures: readonly Picture[]): string {
  const outlines = pictures.map(outlineOf);
  const classes = { ...colours, outside: '#232f3e', subnet: '#8a94a3' };
  return [
    'flowchart TB',
    ...outlines.flatMap(({ frame }) => indented(frameLines(frame))),
    ...outlines.flatMap(({ edges }) =>
      edges.map(({ from, to, label, way }) => {
        const arrow = way === 'in' ? '-->' : '-.->';
        return `  ${from} ${arrow}${label === '' ? '' : `|${quoted([label])}|`} ${to}`;
      }),
    ),
    ...Object.entries(classes).map(
      ([name, colour]) => `  classDef ${name} fill:#fff,stroke:${colour},stroke-width:2px,color:#1b2430`,
    ),
    '  classDef given stroke-dasharray:5 3',
    '',
  ].join('\n');
}

function frameLines({ id, lines, frames, nodes, given }: Frame): string[] {
  return [
    `subgraph ${id}[${quoted(lines)}]`,
    ...indented([...frames.flatMap(frameLines), ...nodes.flatMap(nodeLines)]),
    'end',
    ...(given ? [`class ${id} given`] : []),
  ];
}

function nodeLines({ id, lines, look, given }: OutlineNode): string[] {
  const shape = look === 'outside' ? `([${quoted(lines)}])` : `[${quoted(lines)}]`;
  return [`${id}${shape}:::${look}`, ...(given ? [`class ${id} given`] : [])];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
