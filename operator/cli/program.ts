import { Command } from 'commander';
import { costCommand } from './cost.ts';
import { diagramCommand } from './diagram.ts';
import type { Io } from './io.ts';
import { orphansCommand } from './orphans.ts';
import { planCommand } from './plan.ts';
import { statusCommand } from './status.ts';
import { validateCommand } from './validate.ts';

/** One line a command: each lives in a file of its own. */
const commands: readonly ((io: Io) => Command)[] = [
  validateCommand,
  planCommand,
  diagramCommand,
  costCommand,
  statusCommand,
  orphansCommand,
];

/**
 * The command line of `ecomstore`, which kubectl also finds as `kubectl ecomstore`. Wrong usage throws a
 * `CommanderError`, once it has been explained.
 */
export function program(io: Io, name: string, version: string): Command {
  const main = new Command(name)
    .description('Looks at e-commerce stores on AWS that are described by EcomStore objects.')
    .version(version)
    .exitOverride()
    .showHelpAfterError(`(see ${name} --help)`)
    .configureOutput({
      writeOut: (text) => io.out(text.replace(/\n$/, '')),
      writeErr: (text) => io.note(text.replace(/\n$/, '')),
    });
  for (const make of commands) {
    const command = make(io).copyInheritedSettings(main);
    main.addCommand(command.showHelpAfterError(`(see ${name} ${command.name()} --help)`));
  }
  return main;
}
