import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { svgOf } from '../operator/cli/diagram/draw-svg.ts';
import { pictureOf } from '../operator/cli/diagram/picture-of.ts';
import type { StoreInFile } from '../operator/cli/stores-in.ts';

/** The picture of a store, as `ecomstore diagram` draws it. */
export function storePicture(file: string): string {
  const { metadata, spec } = parse(readFileSync(file, 'utf8')) as {
    metadata: Pick<StoreInFile, 'namespace' | 'name'>;
    spec: StoreInFile['spec'];
  };
  return svgOf(pictureOf({ ...metadata, spec }));
}
