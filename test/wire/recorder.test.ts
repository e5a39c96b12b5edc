import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import type { Exchange } from '../../simulator/aws/wire/exchange.ts';

test('the simulator as a process tells what it saw on the wire, and keeps it where it is asked to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ecomstore-record-'));
  const file = join(folder, 'wire.jsonl');
  const args = ['--import', 'tsx', 'simulator/main.ts', '--record', file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const [line] = await new Promise<string[]>((resolve) =>
      createInterface({ input: child.stdout }).once('line', (text) => resolve([text])),
    );
    const { aws } = JSON.parse(line as string) as { aws: { endpoint: string } };
    const credentials = { accessKeyId: 'AKIACANARY', secretAccessKey: 'secret', sessionToken: 'CANARY-token' };
    const ec2 = new EC2Client({ endpoint: aws.endpoint, region: 'eu-central-1', credentials });
    await ec2.send(new DescribeVpcsCommand({}));
    const wire = (await (await fetch(`${aws.endpoint}/_simulator/wire`)).json()) as object;
    expect(wire).toEqual({ requests: 1, replies: 1, operations: { 'ec2:DescribeVpcs': 1 }, misfits: [] });
    const text = readFileSync(file, 'utf8');
    const exchanges = text
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one) as Exchange);
    expect(exchanges).toMatchObject([
      { service: 'ec2', operation: 'DescribeVpcs', region: 'eu-central-1', reply: { status: 200 }, misfits: [] },
    ]);
    expect(text).not.toContain('CANARY');
    expect(statSync(file).mode & 0o077).toBe(0);
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  }
});
