/** An attribute as CreateUserPool takes it. */
export interface AttributeGiven {
  readonly Name?: string;
  readonly AttributeDataType?: string;
  readonly DeveloperOnlyAttribute?: boolean;
  readonly Mutable?: boolean;
  readonly Required?: boolean;
  readonly StringAttributeConstraints?: { readonly MinLength?: string; readonly MaxLength?: string };
  readonly NumberAttributeConstraints?: { readonly MinValue?: string; readonly MaxValue?: string };
}

const text = (MinLength: string, MaxLength: string): AttributeGiven => ({
  AttributeDataType: 'String',
  StringAttributeConstraints: { MinLength, MaxLength },
});
const anyText = text('0', '2048');
const flag: AttributeGiven = { AttributeDataType: 'Boolean' };

/**
 * Every pool has these, with the lengths that DescribeUserPool tells.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
 */
const standard: readonly (readonly [name: string, attribute: AttributeGiven])[] = [
  ['sub', { ...text('1', '2048'), Mutable: false, Required: true }],
  ['name', anyText],
  ['given_name', anyText],
  ['family_name', anyText],
  ['middle_name', anyText],
  ['nickname', anyText],
  ['preferred_username', anyText],
  ['profile', anyText],
  ['picture', anyText],
  ['website', anyText],
  ['email', anyText],
  ['email_verified', flag],
  ['gender', anyText],
  ['birthdate', text('10', '10')],
  ['zoneinfo', anyText],
  ['locale', anyText],
  ['phone_number', anyText],
  ['phone_number_verified', flag],
  ['address', anyText],
  ['updated_at', { AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '0' } }],
];

/** The schema of a pool: the standard attributes, as far as they are not given otherwise, and the pool's own ones. */
export function schemaFrom(given: readonly AttributeGiven[] = []): object[] {
  const names = standard.map(([name]) => name);
  const own = given.filter(({ Name = '' }) => !names.includes(Name));
  return [
    ...standard.map(([Name, attribute]) => ({
      ...{ Name, DeveloperOnlyAttribute: false, Mutable: true, Required: false, ...attribute },
      ...given.find((one) => one.Name === Name),
    })),
    ...own.map((attribute) => ({ ...attribute, Name: `custom:${attribute.Name}`, Required: false })),
  ];
}
