/** Splitting IPv4 networks, as numbers: no I/O, no validation beyond what arithmetic needs. */

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/** The `index`th of the equal blocks that come of lengthening the prefix by `bits`: `block('10.0.0.0/16', 4, 1)` is `10.0.16.0/20`. */
export function block(cidr: string, bits: number, index: number): string {
  const [address = '', prefix = ''] = cidr.split('/');
  const length = Number(prefix) + bits;
  return `${toAddress(toNumber(address) + index * 2 ** (32 - length))}/${length}`;
}
