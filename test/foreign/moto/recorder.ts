import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as it passed by, read from the wire with nothing of the operator's. */
export interface RecordedCall {
  /** As the signature names it: `ec2`, `elasticloadbalancing`. */
  readonly service: string;
  /** `CreateVpc`; of REST services the method and the path, without ids. */
  readonly operation: string;
  readonly isWrite: boolean;
  readonly status: number;
  /** The error code of an answer that is one, or the title of an HTML page. */
  readonly error: string | undefined;
  readonly sent: string;
}

/** Stands in front of moto, passes everything on, and writes down what passed. */
export interface Recorder {
  readonly endpoint: string;
  readonly calls: readonly RecordedCall[];
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Changes an answer of moto's where the test answers in its stead. */
export type Mend = (operation: string, answer: Answer) => Answer;

export async function startRecorder(target: string, mend: Mend): Promise<Recorder> {
  const calls: RecordedCall[] = [];
  const server = createServer((incoming, outgoing) => {
    let sent = '';
    incoming.setEncoding('utf8').on('data', (part: string) => (sent += part));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const onward = request(target + url, { method, headers }, (answer) => {
        let told = '';
        answer.setEncoding('utf8').on('data', (part: string) => (told += part));
        answer.on('end', () => {
          const call = { ...nameOf(method, url, headers, sent), sent };
          const { status, body } = mend(call.operation, { status: answer.statusCode ?? 0, body: told });
          calls.push({ ...call, status, error: status < 400 ? undefined : errorOf(body) });
          const { 'content-length': _, ...kept } = answer.headers;
          outgoing.writeHead(status, kept).end(body);
        });
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(sent);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html has the credential's form. */
function nameOf(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  sent: string,
): Pick<RecordedCall, 'service' | 'operation' | 'isWrite'> {
  const [, service = 'unsigned'] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const target = headers['x-amz-target'];
  const named = typeof target === 'string' ? target.split('.').at(-1) : /(?:^|&)Action=(\w+)/.exec(sent)?.[1];
  if (named !== undefined) return { service, operation: named, isWrite: !/^(Describe|Get|List)/.test(named) };
  const path = url.split('?')[0]?.replace(/\/(hostedzone|tags\/hostedzone|change)\/[^/]+/, '/$1/{id}');
  const operation = `${method} ${path}`;
  // Route 53 reads the tags of many zones by a POST: ListTagsForResources.
  return { service, operation, isWrite: method !== 'GET' && operation !== 'POST /2013-04-01/tags/hostedzone' };
}

function errorOf(told: string): string {
  const [, code] =
    /<Code>([^<]+)<\/Code>/.exec(told) ??
    /"__type": ?"(?:[^"]*#)?([^"]+)"/.exec(told) ??
    /<title>([^<]+)<\/title>/.exec(told) ??
    [];
  return code ?? told.slice(0, 100);
}
