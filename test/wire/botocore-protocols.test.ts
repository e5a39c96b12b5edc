import { afterEach, expect, test } from 'vitest';
import type { Exchange } from '../../simulator/aws/wire/exchange.ts';
import type { SentCommand } from '../support/judged-cloud.ts';
import { judgedFront, type JudgedFront } from '../support/judged-front.ts';
import { botocoreJudges, hasBotocore, type WireRecord } from './botocore.ts';
import { scriptedAws } from './scripted.ts';
import { sdkCall } from './sdk-call.ts';
import { spoken } from './spoken.ts';

let front: JudgedFront | undefined;
afterEach(() => front?.close());

/** All that the table has, said by the JavaScript SDK and kept with the ids of the replies. */
async function record(): Promise<WireRecord> {
  const exchanges: Exchange[] = [];
  const aws = scriptedAws(new Map(spoken.map((one) => [`${one.service}:${one.operation}`, one.output])));
  front = await judgedFront({ aws, record: (exchange) => void exchanges.push(exchange) });
  const sent: SentCommand[] = [];
  for (const { service, operation, input } of spoken) {
    await sdkCall(front.endpoint, service, operation, input);
    const { headers = {} } = exchanges.at(-1)?.reply ?? {};
    sent.push({ service, operation, input, requestId: headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] });
  }
  return { exchanges, sent };
}

type Plant = readonly [
  operation: string,
  side: 'request' | 'reply',
  part: 'body' | 'path' | 'query',
  from: string,
  to: string,
];

const plants: readonly Plant[] = [
  ['PutPublicAccessBlock', 'request', 'body', 'BlockPublicAcls', 'BlockPublicAcl'],
  ['PutBucketPolicy', 'request', 'body', '2012', '2013'],
  ['ListObjectsV2', 'request', 'query', 'max-keys', 'max-key'],
  ['DeleteCachePolicy', 'request', 'path', 'cache-policy', 'cache-policies'],
  ['CreateFunction', 'request', 'body', 'Handler', 'Handlr'],
  ['UntagResource', 'request', 'query', 'tagKeys', 'tagKey'],
  ['CreateQueue', 'request', 'body', 'QueueName', 'Queue'],
  ['PutMetricAlarm', 'request', 'body', '0.75', '"0.75"'],
  ['GetBucketCors', 'reply', 'body', '<MaxAgeSeconds>5', '<MaxAgeSeconds>five'],
  ['GetPublicAccessBlock', 'reply', 'body', '<BlockPublicAcls>', '<Colour>red</Colour><BlockPublicAcls>'],
  ['ListTagsForResource', 'reply', 'body', 'Items>', 'Things>'],
  ['CreateCachePolicy', 'reply', 'body', '<Id>1</Id>', ''],
  ['ListFunctions', 'reply', 'body', '"Timeout":3', '"Timeout":"3"'],
  ['CreateUserPool', 'reply', 'body', '"Name"', '"Colour"'],
  ['DescribeAlarms', 'reply', 'body', '"Period":60', '"Period":"60"'],
];

if (!hasBotocore) console.warn('botocore is not asked about protocols: python3 has no botocore (pip install botocore)');

test.skipIf(!hasBotocore && process.env['CI'] !== 'true')(
  'botocore finds right what is said at every place on the wire, and each fault that is planted',
  { timeout: 120_000 },
  async () => {
    const { exchanges, sent } = await record();
    const [right, ...planted] = [undefined, ...plants].map((plant) => ({
      sent,
      exchanges: exchanges.map((exchange): Exchange => {
        if (!plant || exchange.operation !== plant[0]) return exchange;
        const [operation, side, name, from, to] = plant;
        const part = exchange[side] as unknown as Record<string, string>;
        const text = part[name] ?? '';
        expect(text, `the ${name} of the ${side} of ${operation}`).toContain(from);
        return { ...exchange, [side]: { ...part, [name]: text.replaceAll(from, to) } } as Exchange;
      }),
    }));
    expect(botocoreJudges([right as WireRecord]).misfits).toEqual([]);
    const missed = plants.filter((_, i) => botocoreJudges([planted[i] as WireRecord]).misfits.length === 0);
    expect(missed).toEqual([]);
  },
);
