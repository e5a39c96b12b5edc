import { outlineOf, type Frame, type OutlineNode } from './outline.ts';
import type { Picture } from './picture.ts';
import { colours } from './signs.ts';

/** A string of DOT; `\l` ends a line on the left. https://graphviz.org/doc/info/lang.html#ids */
const quoted = (lines: readonly string[], ending: '\\l' | '\\n' = '\\n'): string => {
  const escapedLines = lines.map((line) => line.replace(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  // Graphviz reads HTML entities in labels: an ampersand stands for itself only when written as one.
  const told = escapedLines.map((line) => line.replaceAll('&', '&amp;'));
  return `"${ending === '\\l' ? told.map((line) => `${line}\\l`).join('') : told.join('\\n')}"`;
};

/** Stores as a graph for Graphviz, frames as clusters: https://graphviz.org/doc/info/lang.html */
export function dotOf(pictures: readonly Picture[]): string {
  const outlines = pictures.map(outlineOf);
  return [
    'digraph stores {',
    '  graph [rankdir=TB, fontname="Helvetica", fontsize=12, bgcolor="white", labeljust=l]',
    '  node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=11]',
    '  edge [fontname="Helvetica", fontsize=10]',
    ...outlines.flatMap(({ frame }) => indented(clusterLines(frame))),
    ...outlines.flatMap(({ edges }) =>
      edges.map(({ from, to, label, way }) => {
        const parts = [
          ...(label ? [`label=${quoted([label])}`] : []),
          ...(way === 'out' ? ['style=dashed', 'constraint=false'] : []),
        ];
        return `  ${from} -> ${to}${parts.length > 0 ? ` [${parts.join(', ')}]` : ''}`;
      }),
    ),
    '}',
    '',
  ].join('\n');
}

function clusterLines({ id, lines, frames, nodes, given }: Frame): string[] {
  return [
    `subgraph cluster_${id} {`,
    ...indented([
      `label=${quoted(lines)}`,
      `style="rounded${given ? ',dashed' : ''}"`,
      ...frames.flatMap(clusterLines),
      ...nodes.map(nodeLine),
    ]),
    '}',
  ];
}

function nodeLine({ id, lines, look, given }: OutlineNode): string {
  const colour = look === 'outside' ? '#232f3e' : look === 'subnet' ? '#8a94a3' : colours[look];
  const dashed = given ? ', style="rounded,filled,dashed"' : '';
  const shape = look === 'outside' ? ', shape=ellipse' : '';
  return `${id} [label=${quoted(lines, '\\l')}, color="${colour}"${shape}${dashed}]`;
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
