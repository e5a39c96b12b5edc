import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwsError } from '../../simulator/aws/core/aws-error.ts';
import { describeForeign, foreignEnvironment, lacking } from '../support/foreign.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { scriptedAws, type ScriptedAws } from '../wire/scripted.ts';
import { refused, spoken } from '../wire/spoken.ts';

const python = process.env['ECOM_PYTHON'] ?? 'python3';
const missing = lacking(python, ['-c', 'import boto3'], `${python} has no boto3 (ECOM_PYTHON names another Python)`);
const script = fileURLToPath(new URL('boto3/speak.py', import.meta.url));

interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly settings?: object;
}

interface Outcome {
  readonly answer?: object;
  readonly error?: { readonly Code: string; readonly Message: string };
  readonly status?: number;
}

/** Bytes and times, which JSON has no form for, as speak.py reads and tells them. */
function toJson(value: unknown): unknown {
  if (value instanceof Date) return { $time: value.toISOString() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
}

function speak(endpoint: string, calls: readonly Call[]): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [script], { env: foreignEnvironment(endpoint) });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (text) => (output += String(text)));
    child.stderr.on('data', (text) => (errors += String(text)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(JSON.parse(output) as Outcome[])
        : reject(new Error(`boto3 ended with ${code}:\n${errors.slice(-4000)}`)),
    );
    child.stdin.end(JSON.stringify(toJson(calls)));
  });
}

describeForeign('boto3 over the wire', missing, () => {
  const answers = new Map<string, object | AwsError>();
  let aws: ScriptedAws;
  let front: JudgedFront;

  beforeAll(async () => {
    aws = scriptedAws(answers);
    front = await judgedFront({ aws });
  });
  afterAll(() => front.close());

  test('understands and is understood, in each place on the wire', { timeout: 60_000 }, async () => {
    for (const { service, operation, output } of spoken) answers.set(`${service}:${operation}`, output);
    const outcomes = await speak(front.endpoint, spoken);
    // What was handed to boto3 is what arrived, and what was answered is what boto3 has.
    expect(aws.asked).toMatchObject(
      spoken.map(({ service, operation, input }) => ({ call: `${service}:${operation}`, input })),
    );
    expect(outcomes).toEqual(spoken.map(({ output }) => ({ answer: toJson(output) })));
    expect(front.wire.misfits).toEqual([]);
  });

  test('is refused in the words of AWS', { timeout: 60_000 }, async () => {
    for (const [service, operation, , code, status] of refused)
      answers.set(`${service}:${operation}`, new AwsError(code, 'so says <AWS>', status));
    const outcomes = await speak(
      front.endpoint,
      refused.map(([service, operation, input]) => ({ service, operation, input })),
    );
    expect(outcomes).toMatchObject(
      refused.map(([, , , Code, status]) => ({ error: { Code, Message: 'so says <AWS>' }, status })),
    );
  });
});
