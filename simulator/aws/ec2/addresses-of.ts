/** IPv4 networks as numbers. */
export interface Block {
  readonly start: number;
  readonly size: number;
  readonly prefix: number;
}

/** Undefined for what is no network: bits beyond the prefix, a wrong number. */
export function parseCidr(cidr: string): Block | undefined {
  const matched = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!matched) return undefined;
  const parts = matched.slice(1).map(Number);
  const [prefix = 33] = parts.slice(4);
  if (parts.slice(0, 4).some((part) => part > 255) || prefix > 32) return undefined;
  const start = parts.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - prefix);
  return start % size === 0 ? { start, size, prefix } : undefined;
}

export const overlaps = (a: Block, b: Block): boolean => a.start < b.start + b.size && b.start < a.start + a.size;

export const contains = (outer: Block, inner: Block): boolean =>
  inner.start >= outer.start && inner.start + inner.size <= outer.start + outer.size;

export const addressAt = (block: Block, index: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor((block.start + index) / 2 ** shift) % 256).join('.');
