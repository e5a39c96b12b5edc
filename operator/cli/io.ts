import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Fault } from '../model/faults.ts';
import type { Cloud } from '../model/ports.ts';
import type { Timers } from '../model/timers.ts';
import type { EcomStore } from '../store/spec.ts';

/** The world as a command sees it: what it reads, what it says, and how it ends. */
export interface Io {
  out(line: string): void;
  /** Notes and errors: never part of what a script reads. */
  note(line: string): void;
  /** The text of a file; `-` is standard input. */
  read(file: string): Promise<string>;
  /** Writes a file, over what was there. */
  write(file: string, text: string): Promise<void>;
  exit(code: number): void;
  /** The account that the SDK's own variables and files lead to. */
  connect(region: string): Promise<Cloud>;
  /** The cluster that a kubeconfig leads to. */
  cluster(choice: ClusterChoice): Promise<StoreReader>;
  readonly timers: Timers;
  /** The terminal that `out` goes to; undefined when it goes anywhere else. */
  screen(): Screen | undefined;
  /** Aborts when the user wants an end (Ctrl-C). Whoever asks for it has to end then: nobody else does. */
  interrupted(): AbortSignal;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** Which cluster is meant, where it is not that of the environment. */
export interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The stores of a cluster, as `operator/kube/store-reader.ts` reads them. Faults have a remedy. */
export interface StoreReader {
  /** The namespace that the context names. */
  readonly namespace: string | undefined;
  read(named: { readonly namespace: string; readonly name: string }): Promise<EcomStore | undefined>;
  /** Those of every namespace. */
  all(): Promise<EcomStore[]>;
  watch(from: EcomStore, listener: StoreListener, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface StoreListener {
  seen(store: EcomStore): void;
  gone(): void;
  answered(): void;
  trouble(fault: Fault): void;
}

/** Something a person can put right, without a stack trace: the command ends with exit code 1. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

type Reasons = Readonly<Record<string, string>>;

const readingReasons: Reasons = {
  ENOENT: 'no such file',
  EISDIR: 'this is a folder; name the files in it',
  EACCES: 'you may not read it',
};

const writingReasons: Reasons = {
  ENOENT: 'there is no such folder to write it into',
  ENOTDIR: 'there is no such folder to write it into',
  EISDIR: 'this is a folder; name a file in it',
  EACCES: 'you may not write it',
  ENOSPC: 'there is no space left to write it',
};

function explained(file: string, error: unknown, reasons: Reasons): UserError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UserError(`${file}: ${reasons[code] ?? message}`, { cause: error });
}

/** Why standard output takes no more, in a line. */
export const unwritable = (error: Error): UserError => explained('standard output', error, writingReasons);

/** The process's own streams and files. */
export const processIo: Omit<Io, 'connect' | 'cluster' | 'interrupted' | 'timers'> = {
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  async read(file) {
    if (file === '-') return text(process.stdin);
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw explained(file, error, readingReasons);
    }
  },
  async write(file, written) {
    try {
      await writeFile(file, written);
    } catch (error) {
      throw explained(file, error, writingReasons);
    }
  },
  exit: (code) => {
    process.exitCode = code;
  },
  screen: () => {
    const { isTTY, columns, rows } = process.stdout;
    return isTTY ? { columns, rows } : undefined;
  },
};
