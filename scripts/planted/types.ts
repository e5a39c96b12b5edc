import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/**
 * The types of a tree of which a few files change at a time. Only these and what imports them are looked at, since all
 * else was checked before; and what did not change is read once. The whole tree would take tsc as long as the tests.
 */
export class TypeCheck {
  readonly #roots: readonly string[];
  readonly #host: ts.CompilerHost;
  readonly #read = new Map<string, ts.SourceFile | undefined>();
  readonly #options: ts.CompilerOptions;
  #program: ts.Program | undefined;

  constructor(tree: string) {
    const file = resolve(tree, 'tsconfig.json');
    const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: object };
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, tree);
    this.#roots = fileNames;
    this.#options = options;
    const host = ts.createCompilerHost(options, true);
    this.#host = {
      ...host,
      getSourceFile: (name, ...rest) => {
        if (!this.#read.has(name)) this.#read.set(name, host.getSourceFile(name, ...rest));
        return this.#read.get(name);
      },
    };
  }

  /** What the compiler says of these files as they are now, and of what imports them: a line each. */
  errorsIn(files: readonly string[]): string[] {
    for (const file of files) this.#read.delete(file);
    const program = ts.createProgram({
      ...{ rootNames: this.#roots, options: this.#options, host: this.#host },
      oldProgram: this.#program,
    });
    this.#program = program;
    const changed = new Set(files);
    const concerned = program
      .getSourceFiles()
      .filter((source) => changed.has(source.fileName) || importsOf(source).some((name) => changed.has(name)));
    const found = concerned.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]);
    return found.map(lineOf);
  }

  /** The files are as they were: the next look reads them again. */
  forget(files: readonly string[]): void {
    for (const file of files) this.#read.delete(file);
  }
}

/** The files of ours that a file imports: by relative paths with their ending, as everywhere here. */
const importsOf = (source: ts.SourceFile): string[] =>
  source.isDeclarationFile
    ? []
    : source.statements.flatMap((statement) =>
        (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
        statement.moduleSpecifier !== undefined &&
        ts.isStringLiteral(statement.moduleSpecifier) &&
        statement.moduleSpecifier.text.startsWith('.')
          ? [resolve(dirname(source.fileName), statement.moduleSpecifier.text)]
          : [],
      );

function lineOf({ file, start, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ');
  if (file === undefined || start === undefined) return text;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName}:${line + 1}: ${text}`;
}
