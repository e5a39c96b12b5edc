import { z } from 'zod';

/** A rule in CEL as the CRD carries it. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
  readonly reason: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  readonly fieldPath?: string;
}

interface Complaint {
  /** What is wrong, and what to do about it: the API server shows both, the CLI shows them apart. */
  readonly wrong: string;
  readonly remedy: string;
  readonly at?: string;
  readonly reason?: CelRule['reason'];
}

/** A cross-field rule. It may use only what the API server's CEL and `@marcbachmann/cel-js` have in common. */
export const rule = (cel: string, { wrong, remedy, at, reason = 'FieldValueInvalid' }: Complaint): CelRule => ({
  rule: cel,
  message: `${wrong}; ${remedy}`,
  reason,
  ...(at === undefined ? {} : { fieldPath: at }),
});

/** A field that stays as it was when the store was made; the rule sits at the parent, so that removing it is seen too. */
export const unchanging = (field: string, remedy: string): CelRule =>
  rule(`has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`, {
    wrong: `${field} cannot change while the store lives`,
    remedy,
    at: `.${field}`,
    reason: 'FieldValueForbidden',
  });

/** Gives a schema its rules. */
export const withRules = <S extends z.ZodType>(schema: S, rules: readonly CelRule[]): S =>
  schema.meta({ ...schema.meta(), 'x-kubernetes-validations': rules });

interface TextBounds {
  readonly max: number;
  readonly min?: number;
  /** RE2, anchored on both sides. */
  readonly pattern: string;
  /** What the pattern means, for people; it goes on after "is not". */
  readonly meaning?: string;
  /** What a good value looks like: the remedy when the pattern is not met. */
  readonly example: string;
}

/** A string: never without a bound, and never without an example. */
export const text = (description: string, { max, min, pattern, meaning, example }: TextBounds) => {
  const bounded = z.string().max(max).regex(new RegExp(pattern));
  return (min === undefined ? bounded : bounded.min(min)).meta({
    ...(meaning === undefined ? {} : { title: meaning }),
    description,
    example,
  });
};

/** A whole number between two bounds. */
export const whole = (description: string, min: number, max: number) => z.int().min(min).max(max).describe(description);

/** One of a few numbers. */
export const oneOf = <const N extends readonly number[]>(description: string, values: N) =>
  z.literal(values as unknown as N[number][]).meta({ description, type: 'integer' });

/** A list whose items differ from each other, in no particular order. */
export const setOf = <S extends z.ZodType>(description: string, item: S, max: number) =>
  z.array(item).max(max).meta({ description, 'x-kubernetes-list-type': 'set' });

/** A list whose order counts; its items still differ, which `distinct` says at the parent. */
export const listOf = <S extends z.ZodType>(description: string, item: S, min: number, max: number) =>
  z.array(item).min(min).max(max).meta({ description, 'x-kubernetes-list-type': 'atomic' });

/** Items of an ordered list differ from each other. */
export const distinct = (field: string, what: string): CelRule =>
  rule(`!has(self.${field}) || self.${field}.all(item, self.${field}.exists_one(other, other == item))`, {
    wrong: `${field} names the same ${what} twice`,
    remedy: 'leave one of them',
    at: `.${field}`,
    reason: 'FieldValueDuplicate',
  });

/** Days that CloudWatch Logs keeps log events for: it takes these values only (PutRetentionPolicy, retentionInDays). */
export const logRetention = (description: string) =>
  oneOf(description, [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ] as const).default(30);
