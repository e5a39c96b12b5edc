/** An attribute as CreateUserPool takes it. */
export interface AttributeGiven {
  readonly Name?: string;
  readonly AttributeDataType?: string;
  readonly DeveloperOnlyAttribute?: boolean;
  readonly Mutable?: boolean;
  readonly Required?: boolean;
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html: every pool has these. */
const standard: readonly (readonly [name: string, type: string])[] = [
  ['sub', 'String'],
  ['name', 'String'],
  ['given_name', 'String'],
  ['family_name', 'String'],
  ['middle_name', 'String'],
  ['nickname', 'String'],
  ['preferred_username', 'String'],
  ['profile', 'String'],
  ['picture', 'String'],
  ['website', 'String'],
  ['email', 'String'],
  ['email_verified', 'Boolean'],
  ['gender', 'String'],
  ['birthdate', 'String'],
  ['zoneinfo', 'String'],
  ['locale', 'String'],
  ['phone_number', 'String'],
  ['phone_number_verified', 'Boolean'],
  ['address', 'String'],
  ['updated_at', 'Number'],
];

/** The schema of a pool: the standard attributes, as far as they are not given otherwise, and the pool's own ones. */
export function schemaFrom(given: readonly AttributeGiven[] = []): object[] {
  const names = standard.map(([name]) => name);
  const own = given.filter(({ Name = '' }) => !names.includes(Name));
  return [
    ...standard.map(([Name, AttributeDataType]) => ({
      ...{ Name, AttributeDataType, DeveloperOnlyAttribute: false, Mutable: Name !== 'sub', Required: Name === 'sub' },
      ...given.find((attribute) => attribute.Name === Name),
    })),
    ...own.map((attribute) => ({ ...attribute, Name: `custom:${attribute.Name}`, Required: false })),
  ];
}
