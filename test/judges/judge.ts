import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describeForeign } from '../support/foreign.ts';
import type { Template } from './template/export.ts';

/** What a judge does not like about one resource. */
export interface Finding {
  readonly judge: string;
  readonly rule: string;
  /** The resource's logical id; the template itself where it is of none. */
  readonly resource: string;
  readonly message: string;
}

/** Somebody else's opinion of a template. */
export interface Judge {
  readonly name: string;
  judge(template: Template): Finding[];
}

const here = new URL('package.json', import.meta.url);

/** The judges are an installation of their own: see test/judges/package.json. */
const installed = createRequire(here);

/** A package of the judges'. Its types are not installed everywhere: the caller says what it uses of it. */
export const load = (name: string): unknown => installed(name);

/** Where a package of the judges' lies. */
export const pathOf = (file: string): string => installed.resolve(file);

const missing = existsSync(new URL('node_modules/aws-cdk-lib/package.json', here))
  ? undefined
  : 'run `npm ci --prefix test/judges --ignore-scripts`';

/** Describes what needs the judges: said aloud where they are missing, and a failure in CI. */
export const describeJudged = (title: string, suite: () => void): void => describeForeign(title, missing, suite);
