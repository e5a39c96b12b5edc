import { Command, Option } from 'commander';
import { dotOf } from './diagram/dot.ts';
import { svgOf } from './diagram/draw-svg.ts';
import { mermaidOf } from './diagram/mermaid.ts';
import { pictureOf } from './diagram/picture-of.ts';
import type { Picture } from './diagram/picture.ts';
import { UserError, type Io } from './io.ts';
import { storesIn } from './stores-in.ts';

interface Options {
  readonly format: 'svg' | 'mermaid' | 'dot';
  readonly namespace: string;
  readonly outputFile?: string;
}

const help = `
Draws what the operator would make: zones, subnets, and who may reach whom as the security groups and
routes have it. Nothing is asked of AWS or Kubernetes: what only AWS can tell is named, not shown.
An SVG shows one store; Mermaid and DOT show all stores of the file.

Exit codes: 0 drawn, 1 the file has problems (as ecomstore validate tells them).

Examples:
  ecomstore diagram examples/production.yaml --output-file store.svg
  ecomstore diagram --format mermaid store.yaml
  kustomize build . | ecomstore diagram --format dot - | dot -Tpng -o stores.png`;

/** `ecomstore diagram FILE`: the store as a picture, offline. */
export const diagramCommand = (io: Io): Command =>
  new Command('diagram')
    .summary('draw a store, offline')
    .description('Draw the AWS resources of a store, offline: as SVG, Mermaid or DOT.')
    .argument('<file>', 'a YAML or JSON file with stores; - is standard input')
    .addOption(new Option('-f, --format <format>', 'what to draw').choices(['svg', 'mermaid', 'dot']).default('svg'))
    .option('-n, --namespace <name>', 'namespace of a store whose manifest names none', 'default')
    .option('--output-file <file>', 'where to write it, instead of standard output')
    .addHelpText('after', help)
    .action(async (file: string, { format, namespace, outputFile }: Options) => {
      const pictures = (await storesIn(io, file, namespace)).map(pictureOf);
      const drawing = drawn(pictures, format, file);
      if (outputFile === undefined) io.out(drawing.trimEnd());
      else await io.write(outputFile, drawing);
      io.exit(0);
    });

function drawn(pictures: readonly Picture[], format: Options['format'], file: string): string {
  if (format === 'mermaid') return mermaidOf(pictures);
  if (format === 'dot') return dotOf(pictures);
  const [picture, ...more] = pictures as [Picture, ...Picture[]];
  if (more.length === 0) return svgOf(picture);
  const names = pictures.map(({ store }) => store).join(', ');
  throw new UserError(
    `${file}: there are ${pictures.length} stores in it (${names}), and an SVG shows one\n    give a file with one of them, or draw all with --format mermaid or --format dot`,
  );
}
