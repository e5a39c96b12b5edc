/** An error as AWS answers it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Members that the error's shape has beside code and message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** Not an answer at all: the connection was lost or nothing came back in time. */
export class ConnectionLost extends Error {
  readonly kind: 'timeout' | 'reset';

  constructor(kind: 'timeout' | 'reset') {
    super(kind === 'timeout' ? 'no answer in time' : 'socket hang up');
    this.name = kind === 'timeout' ? 'TimeoutError' : 'ECONNRESET';
    this.kind = kind;
  }
}
