import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from '../../simulator/aws/wire/exchange.ts';
import type { SentCommand } from '../support/judged-cloud.ts';

const python = process.env['ECOM_PYTHON'] ?? 'python3';

export const hasBotocore = spawnSync(python, ['-c', 'import botocore']).status === 0;

export interface BotocoreVerdict {
  readonly version: string;
  readonly requests: number;
  readonly replies: number;
  readonly misfits: readonly string[];
}

export interface WireRecord {
  readonly exchanges: readonly Exchange[];
  readonly sent: readonly SentCommand[];
}

/** Has botocore judge what went over the wire, against its own full service models (judge.py tells how). */
export function botocoreJudges(records: readonly WireRecord[]): BotocoreVerdict {
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-wire-'));
  try {
    const file = join(folder, 'record.json');
    const record = records.map(({ exchanges, sent }) => ({ exchanges, sent }));
    writeFileSync(file, JSON.stringify(record, withBytes), { mode: 0o600 });
    const told = execFileSync(python, ['test/wire/judge.py', file], { encoding: 'utf8', maxBuffer: 64 << 20 });
    return JSON.parse(told) as BotocoreVerdict;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** JSON has no form for bytes: judge.py reads this one. */
const withBytes = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value;
