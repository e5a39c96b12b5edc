import { expect, test } from 'vitest';
import { Fault } from '../../operator/model/faults.ts';
import { openLog, type LogLevel } from '../../operator/runtime/log.ts';

function written(level: LogLevel, write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(openLog(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is JSON with a level in words, a time and a message', () => {
  const [line] = written('info', (log) => {
    log.debug({}, 'not this');
    log.info({ store: 'shops/acme', count: 3 }, 'a pass');
  });
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    store: 'shops/acme',
    count: 3,
    message: 'a pass',
  });
});

test('nothing secret is written, however deep it lies and whatever its case', () => {
  const canary = 'CANARY-9d1f';
  const lines = written('info', (log) => {
    log.info(
      {
        password: canary,
        deep: [{ AuthToken: canary, headers: { Authorization: `Bearer ${canary}`, cookie: canary } }],
        credentials: { accessKeyId: canary },
        userData: canary,
        user_data: canary,
        UserData: canary,
        secretAccessKey: canary,
        note: `sent Authorization: Bearer ${canary}`,
      },
      'a call',
    );
    const cause = Object.assign(new Error('denied'), { request: { headers: { authorization: canary } } });
    log.error({ err: new Fault('denied', 'not allowed', { action: 'ec2:CreateVpc', cause }) }, 'a fault');
  });
  expect(JSON.stringify(lines)).not.toContain(canary);
  expect(lines[1]?.['err']).toMatchObject({
    type: 'Fault',
    kind: 'denied',
    action: 'ec2:CreateVpc',
    message: expect.stringContaining('not allowed') as string,
    cause: 'denied',
  });
});

test('what only looks secret is written', () => {
  const [line] = written('info', (log) =>
    log.info({ nextToken: 'page-2', keyId: 'k-1', node: 'compute/asg' }, 'a page'),
  );
  expect(line).toMatchObject({ nextToken: 'page-2', keyId: 'k-1', node: 'compute/asg' });
});

test('fields that refer to themselves do no harm', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(written('info', (log) => log.info({ circle }, 'round'))).toHaveLength(1);
});
