import type { Misfit } from '../core/validate.ts';

/**
 * One way in which a request or reply on the wire is not AWS's: what `misfits` tells of its values, and besides
 * `protocol` (not how the protocol writes it), `operation` (nothing that the model has) and `code` (an error that the
 * operation does not have).
 */
export interface WireMisfit {
  readonly side: 'input' | 'request' | 'reply';
  /** `ec2:CreateVpc`, as far as it could be told. */
  readonly call: string;
  readonly path: string;
  readonly rule: Misfit['rule'] | 'protocol' | 'operation' | 'code';
  readonly message: string;
}

/** What a reader of the wire tells besides the value that it read. */
export interface Finding {
  readonly path: string;
  readonly rule: WireMisfit['rule'];
  readonly message: string;
}

export const unknown = (path: string): Finding => ({ path, rule: 'unknown', message: 'is not known here' });
export const broken = (path: string, message: string): Finding => ({ path, rule: 'protocol', message });

export const under = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

export const told = ({ side, call, path, rule, message }: WireMisfit): string =>
  `${side} of ${call}: ${path === '' ? '' : `${path} `}${message} (${rule})`;
