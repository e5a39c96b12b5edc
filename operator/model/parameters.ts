/** A value that AWS does not call somebody's own: what the engine comes with, also where somebody has set just that. */
export interface Standard {
  readonly standard: string;
}

/**
 * Parameters of an engine by name: as a store wants them, or as AWS has them. Those that somebody has set come first.
 * What is wanted is looked for among all: AWS does not call one set by somebody where he has set the engine's own value.
 * https://github.com/hashicorp/terraform-provider-aws/pull/3182
 */
export type Parameters = Readonly<Record<string, string | Standard>>;

/** What AWS tells of one parameter, in RDS and ElastiCache alike. */
interface Told {
  readonly ParameterName?: string;
  readonly ParameterValue?: string;
  readonly Source?: string;
}

/** What has no value, the engine alone knows. */
export function parametersTold(all: readonly Told[]): Parameters {
  const valued = all.flatMap(({ ParameterName: name = '', ParameterValue: value, Source }) =>
    value === undefined ? [] : [{ name, value, isSet: Source === 'user' }],
  );
  const set = valued.filter(({ isSet }) => isSet).map(({ name, value }) => [name, value] as const);
  const standing = valued.filter(({ isSet }) => !isSet).map(({ name, value }) => [name, { standard: value }] as const);
  return Object.fromEntries<string | Standard>([...set, ...standing]);
}

const switches: Readonly<Record<string, string>> = { on: '1', true: '1', off: '0', false: '0' };

/** AWS tells a switch as 1 or 0, whatever word it was told: https://github.com/hashicorp/terraform-provider-aws/issues/45394 */
function valueOf(given: string | Standard | undefined): string | undefined {
  const value = typeof given === 'object' ? given.standard : given;
  return value === undefined ? undefined : (switches[value.toLowerCase()] ?? value);
}

/** The parameters that do not have the value that is wanted, with that value. */
export const toSet = (wanted: Parameters, found: Parameters): (readonly [name: string, value: string])[] =>
  Object.entries(wanted).flatMap(([name, value]) =>
    typeof value === 'string' && valueOf(found[name]) !== valueOf(value) ? [[name, value] as const] : [],
  );

/** The parameters that somebody has set and nobody wants, with their value. */
export const toReset = (wanted: Parameters, found: Parameters): (readonly [name: string, value: string])[] =>
  Object.entries(found).flatMap(([name, value]) =>
    typeof value === 'string' && !(name in wanted) ? [[name, value] as const] : [],
  );

export const sameParameters = (wanted: Parameters, found: Parameters): boolean =>
  toSet(wanted, found).length === 0 && toReset(wanted, found).length === 0;
