/**
 * What a parameter group says: by its name a parameter that somebody has set, and under `default:` one that has the
 * engine's own value. AWS does not call a parameter set that was set to what the engine has anyway, as `rds.force_ssl` of
 * PostgreSQL 15. https://github.com/hashicorp/terraform-provider-aws/issues/23335
 */
export type EngineParameters = Readonly<Record<string, string>>;

const standard = 'default:';

/** A parameter as AWS tells it. */
interface Told {
  readonly ParameterName?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly Source?: string | undefined;
}

/** All that AWS tells of a group. A parameter without a value follows the engine, and is nothing to compare with. */
export const engineParameters = (all: readonly Told[]): EngineParameters =>
  Object.fromEntries(
    all.flatMap(({ ParameterName = '', ParameterValue, Source }) =>
      Source === 'user' || ParameterValue !== undefined
        ? [[Source === 'user' ? ParameterName : standard + ParameterName, ParameterValue ?? '']]
        : [],
    ),
  );

/** The values of the engine's own, which were read before: nobody but a new version of the engine changes them. */
export const knownStandards = (found: EngineParameters = {}): Told[] | undefined => {
  const told = Object.entries(found).filter(([name]) => name.startsWith(standard));
  if (told.length === 0) return undefined;
  return told.map(([name, ParameterValue]) => ({ ParameterName: name.slice(standard.length), ParameterValue }));
};

/** AWS writes switches in another way than people: https://github.com/hashicorp/terraform/issues/8034 */
const plain = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : ({ true: '1', on: '1', false: '0', off: '0' }[value.toLowerCase()] ?? value);

/** What is wanted and is not so. */
export const unmet = (wanted: EngineParameters, found: EngineParameters): [name: string, value: string][] =>
  Object.entries(wanted).filter(([name, value]) => plain(found[name] ?? found[standard + name]) !== plain(value));

/** What somebody has set that nobody wants. */
export const unwanted = (wanted: EngineParameters, found: EngineParameters): string[] =>
  Object.keys(found).filter((name) => !name.startsWith(standard) && !(name in wanted));

export const sameParameters = (wanted: EngineParameters, found: EngineParameters): boolean =>
  unmet(wanted, found).length === 0 && unwanted(wanted, found).length === 0;
