import { readdirSync, readFileSync } from 'node:fs';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { UserError, type Io } from '../../operator/cli/io.ts';
import { program } from '../../operator/cli/program.ts';
import { offlineIo } from '../support/offline-io.ts';

const examples = readdirSync('examples').filter((file) => file.endsWith('.yaml'));
const formats = { svg: 'svg', mermaid: 'mmd', dot: 'dot' } as const;
type Format = keyof typeof formats;

/** Runs `ecomstore diagram`; files that are not given are read from the disk. */
async function run(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const said = { out: '', notes: '', code: undefined as number | undefined, written: {} as Record<string, string> };
  const io: Io = {
    ...offlineIo('diagram'),
    out: (line) => void (said.out += `${line}\n`),
    note: (line) => void (said.notes += `${line}\n`),
    read: async (file) => files[file] ?? readFileSync(file, 'utf8'),
    write: async (file, text) => void (said.written[file] = text),
    exit: (code) => void (said.code = code),
  };
  await program(io, 'ecomstore', '1.2.3').parseAsync(['diagram', ...args], { from: 'user' });
  return said;
}

const minimal = readFileSync('examples/minimal.yaml', 'utf8');
const two = `${minimal}---\n${minimal.replace('name: acme', 'name: other')}`;

describe('ecomstore diagram', () => {
  test.each(examples.flatMap((file) => (Object.keys(formats) as Format[]).map((format) => [file, format] as const)))(
    '%s as %s is as its golden file has it',
    async (file, format) => {
      const { out, notes, code } = await run(['--format', format, `examples/${file}`]);
      expect([notes, code]).toEqual(['', 0]);
      await expect(out).toMatchFileSnapshot(`../golden/${file.replace('.yaml', `.${formats[format]}`)}`);
    },
  );

  test('draws an SVG unless told otherwise, which is well-formed XML and neither loads, links nor runs anything', async () => {
    const { out } = await run(['examples/production.yaml']);
    expect(XMLValidator.validate(out)).toBe(true);
    expect(out).toContain('role="img"');
    expect(out).not.toMatch(
      /<(script|style|image|a|use|foreignObject|animate)\b|href=|url\((?!#head-)|@import|\bon\w+=/,
    );
    expect(out.match(/https?:\/\/[^ "<]+/g)).toEqual(['http://www.w3.org/2000/svg', 'https://flagship.example.com']);
  });

  test('the picture of the README is that of the production example', async () => {
    const { out } = await run(['examples/production.yaml']);
    expect(readFileSync('docs/store.svg', 'utf8')).toBe(out);
  });

  test('writes a file where one is named, with the same bytes', async () => {
    const printed = await run(['-f', 'dot', 'examples/minimal.yaml']);
    const { out, written, code } = await run(['-f', 'dot', 'examples/minimal.yaml', '--output-file', 'store.dot']);
    expect(out).toBe('');
    expect(written).toEqual({ 'store.dot': printed.out });
    expect(code).toBe(0);
  });

  test('a store without a namespace is in the one that is given', async () => {
    const nowhere = minimal.replace(', namespace: shops', '');
    expect((await run(['-', '-n', 'team'], { '-': nowhere })).out).toContain('Store team/acme');
    expect((await run(['-'], { '-': nowhere })).out).toContain('Store default/acme');
  });

  test('tells what is wrong as validate does, and draws nothing', async () => {
    const wrong = minimal.replace('zone: example.com', 'zone: example.org');
    const failed = run(['a.yaml', '--output-file', 'a.svg'], { 'a.yaml': wrong });
    await expect(failed).rejects.toThrow(UserError);
    await expect(failed).rejects.toThrow(
      'a.yaml:7:19: spec.domain.host: the host lies outside the zone\n    choose a host that is the zone or ends in a dot and the zone',
    );
    await expect(run(['a.yaml'], { 'a.yaml': 'spec: [1\n' })).rejects.toThrow(
      /^a\.yaml:\d+:\d+: this is not valid YAML/,
    );
    await expect(run(['a.yaml'], { 'a.yaml': '# nothing\n' })).rejects.toThrow('a.yaml: there is no EcomStore in it');
  });

  test('other objects are skipped, with a note', async () => {
    const file = `apiVersion: v1\nkind: Namespace\nmetadata: { name: shops }\n---\n${minimal}`;
    const { notes, code } = await run(['a.yaml'], { 'a.yaml': file });
    expect(notes).toBe('a.yaml: skipped Namespace shops\n');
    expect(code).toBe(0);
  });

  test('Mermaid and DOT draw every store of a file, an SVG refuses and says what to do', async () => {
    for (const format of ['mermaid', 'dot']) {
      const { out } = await run(['-f', format, 'a.yaml'], { 'a.yaml': two });
      expect(out).toContain('Store shops/acme');
      expect(out).toContain('Store shops/other');
    }
    await expect(run(['a.yaml'], { 'a.yaml': two })).rejects.toThrow(
      /there are 2 stores in it \(shops\/acme, shops\/other\), and an SVG shows one\n {4}give .* --format mermaid/,
    );
  });

  test('its help names the formats, the option for a file, and that it asks nobody', async () => {
    const said: string[] = [];
    const io = { out: (line: string) => void said.push(line), note: () => undefined } as unknown as Io;
    await expect(program(io, 'ecomstore', '1').parseAsync(['diagram', '--help'], { from: 'user' })).rejects.toThrow();
    expect(said.join('\n')).toMatch(
      /choices: "svg", "mermaid", "dot",\s+default: "svg"[^]*--output-file <file>[^]*Nothing is asked of AWS/,
    );
    await expect(run(['-f', 'png', 'examples/minimal.yaml'])).rejects.toThrow('Allowed choices are svg, mermaid, dot');
  });
});
