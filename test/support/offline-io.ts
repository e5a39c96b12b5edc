import type { Io } from '../../operator/cli/io.ts';

/** What a command that only reads files, and speaks, has to do with the rest of the world: nothing. */
export const offlineIo = (command: string): Pick<Io, 'write' | 'connect' | 'now'> => {
  const never = (what: string) => (): never => {
    throw new Error(`${command} never ${what}`);
  };
  return { write: never('writes'), connect: never('asks AWS'), now: never('looks at the clock') };
};
