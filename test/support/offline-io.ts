import type { Io } from '../../operator/cli/io.ts';
import type { Timers } from '../../operator/model/timers.ts';

const never = (command: string, what: string) => (): never => {
  throw new Error(`${command} never ${what}`);
};

/** The clock of a command that waits for nothing. */
export const neverWaits: Timers = {
  now: never('it', 'looks at the clock'),
  monotonic: never('it', 'measures time'),
  after: never('it', 'waits'),
};

/** What a command that only reads files, and speaks, has to do with the rest of the world: nothing. */
export const offlineIo = (command: string): Omit<Io, 'out' | 'note' | 'read' | 'exit'> => ({
  write: never(command, 'writes'),
  connect: never(command, 'asks AWS'),
  cluster: never(command, 'asks Kubernetes'),
  screen: never(command, 'looks at the screen'),
  interrupted: never(command, 'ends by itself when it is interrupted'),
  timers: neverWaits,
});
