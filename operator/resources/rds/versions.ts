/** The part of an engine's version that a major upgrade changes: `16` of PostgreSQL 16.9, `8.0` of MySQL 8.0.41. */
export const majorOf = (engine: string, version: string): string =>
  version
    .split('.')
    .slice(0, engine === 'postgres' ? 1 : 2)
    .join('.');

/** What RDS calls the parameters of an engine of some version. */
export const familyOf = (engine: string, version: string): string => `${engine}${majorOf(engine, version)}`;

/** Whether parameters of one family do: where an engine alone is wanted, those of any of its versions. */
export const servesFamily = (wanted: string, found: string): boolean =>
  wanted === found || (!/\d/.test(wanted) && found.replace(/[\d.]+$/, '') === wanted);

/** The version that a family is of: `8.0` of `mysql8.0`. */
export const versionOf = (family: string): string => family.replace(/^\D+/, '');

/**
 * Whether AWS has the version that is wanted: what was asked for as a major version may be any of its minor ones, and what
 * AWS has upgraded by itself is newer than asked for, and stays.
 */
export function servesVersion(wanted: string, found: string): boolean {
  const [want, has] = [wanted.split('.').map(Number), found.split('.').map(Number)];
  for (const [at, part] of want.entries()) {
    const is = has[at] ?? 0;
    if (is === part) continue;
    // Only the last part of a whole version may be newer: a newer major version is another engine.
    return at === want.length - 1 && at === has.length - 1 && at > 0 && is > part;
  }
  return true;
}

/** Whether AWS has a newer version than the wanted one, as far as that was said: 17.4 is newer than 16, 16.9 is not. */
export function isNewer(wanted: string, found: string): boolean {
  const [want, has] = [wanted.split('.').map(Number), found.split('.').map(Number)];
  const at = want.findIndex((part, index) => (has[index] ?? 0) !== part);
  return at >= 0 && (has[at] ?? 0) > (want[at] ?? 0);
}
