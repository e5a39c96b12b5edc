import manifest from '../package.json' with { type: 'json' };

/** What `scripts/build.mjs` puts in: the commit that a bundle is built from. Nobody does where the sources run themselves. */
declare const builtFrom: string | undefined;

/** Which build this is: two of one version differ by their commit. */
export const build = {
  version: manifest.version,
  revision: typeof builtFrom === 'string' ? builtFrom : 'source',
} as const;

/** The version with its build: https://semver.org/#spec-item-10 */
export const version = `${build.version}+${build.revision}`;
