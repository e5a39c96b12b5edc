import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Cloud } from '../model/ports.ts';

/** The world as a command sees it: what it reads, what it says, and how it ends. */
export interface Io {
  out(line: string): void;
  /** Notes and errors: never part of what a script reads. */
  note(line: string): void;
  /** The text of a file; `-` is standard input. */
  read(file: string): Promise<string>;
  exit(code: number): void;
  /** The account that the SDK's own variables and files lead to. */
  connect(region: string): Promise<Cloud>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Something a person can put right, without a stack trace: the command ends with exit code 1. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'this is a folder; name the files in it',
  EACCES: 'you may not read it',
};

/** The process's own streams and files. */
export const processIo: Omit<Io, 'connect'> = {
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  async read(file) {
    if (file === '-') return text(process.stdin);
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      throw new UserError(`${file}: ${reasons[code] ?? message}`, { cause: error });
    }
  },
  exit: (code) => {
    process.exitCode = code;
  },
  now: () => Date.now(),
};
