import { describe, expect, test } from 'vitest';
import type { Io } from '../../operator/cli/io.ts';
import { UserError } from '../../operator/cli/io.ts';
import { program } from '../../operator/cli/program.ts';
import { offlineIo } from '../support/offline-io.ts';

interface Outcome {
  readonly out: string;
  readonly notes: string;
  readonly code: number | undefined;
}

/** Runs the command line over files that are only in memory. */
async function run(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const said = { out: [] as string[], notes: [] as string[], code: undefined as number | undefined };
  const io: Io = {
    ...offlineIo('validate'),
    out: (line) => said.out.push(line),
    note: (line) => said.notes.push(line),
    read: async (file) => {
      const text = files[file];
      if (text === undefined) throw new UserError(`${file}: no such file`);
      return text;
    },
    exit: (code) => {
      said.code = code;
    },
  };
  await program(io, 'ecomstore', '1.2.3').parseAsync(args, { from: 'user' });
  return { out: said.out.join('\n'), notes: said.notes.join('\n'), code: said.code };
}

const good = `apiVersion: ecom.io/v1alpha1
kind: EcomStore
metadata: { name: acme, namespace: shops }
spec:
  region: eu-central-1
  domain: { host: shop.example.com, zone: example.com }
  compute: { image: { ssmParameter: /ecom/images/storefront } }
`;

const bad = `apiVersion: ecom.io/v1alpha1
kind: EcomStore
metadata:
  name: acme
spec:
  region: eu-central-1
  domain:
    host: shop.example.org
    zone: example.com
    alias: [www.example.com]
  compute:
    image: {}
    environment: { DEBUG: yes }
`;

describe('ecomstore validate', () => {
  test('an empty item of a List is nothing, as for the API server', async () => {
    const list = `kind: List\nitems:\n-\n- ${good.trimEnd().replaceAll('\n', '\n  ')}\n`;
    const { out, code } = await run(['validate', 'a.yaml'], { 'a.yaml': list });
    expect(out).toBe('a.yaml: EcomStore shops/acme: well formed');
    expect(code).toBe(0);
  });

  test.each(['labels', 'annotations'])('%s that are no text are told, with quotes as the remedy', async (field) => {
    const text = good.replace('namespace: shops', `namespace: shops, ${field}: { note: true, other: }`);
    const { out, notes } = await run(['validate', 'a.yaml'], { 'a.yaml': text });
    expect(out + notes).toContain(`metadata.${field}.note: this is the boolean true, not a string`);
    expect(out + notes).toContain('put it in quotes: "true"');
    expect(out + notes).not.toContain('other');
  });

  test('a good store passes', async () => {
    const { out, code } = await run(['validate', 'a.yaml'], { 'a.yaml': good });
    expect(out).toBe('a.yaml: EcomStore shops/acme: well formed');
    expect(code).toBe(0);
  });

  test('each problem is told with its place and a remedy', async () => {
    const { out, code } = await run(['validate', 'a.yaml'], { 'a.yaml': bad });
    expect(out.split('\n')).toEqual([
      'a.yaml:8:11: spec.domain.host: the host lies outside the zone',
      '    choose a host that is the zone or ends in a dot and the zone',
      'a.yaml:10:5: spec.domain.alias: there is no field alias here, and Kubernetes would drop it',
      '    write aliases',
      'a.yaml:12:12: spec.compute.image: the image is not given by exactly one of id and ssmParameter',
      '    give one of the two',
      'a.yaml:13:27: spec.compute.environment.DEBUG: this is the boolean true, not a string',
      '    put it in quotes: "yes"',
    ]);
    expect(code).toBe(1);
  });

  test('what is missing is placed at the nearest thing above it', async () => {
    const { out } = await run(['validate', 'a.yaml'], { 'a.yaml': good.replace('host: shop.example.com, ', '') });
    expect(out).toMatch(/^a\.yaml:6:3: spec\.domain\.host: host is missing/);
  });

  test('a document that forgets its kind or version is told so', async () => {
    const forgets = (field: string) =>
      run(['validate', 'a.yaml'], { 'a.yaml': good.replace(new RegExp(`${field}: .*\n`), '') });
    expect((await forgets('kind')).out).toContain('kind: kind is missing\n    add it, as kind: EcomStore');
    expect((await forgets('apiVersion')).out).toContain('add it, as apiVersion: ecom.io/v1alpha1');
  });

  test('line numbers count through the documents of a file', async () => {
    const { out, code } = await run(['validate', 'a.yaml'], {
      'a.yaml': `${good}---\n${good.replace('acme', 'other').replace('eu-central-1', 'here')}`,
    });
    expect(out).toMatch(/^a\.yaml:13:11: spec\.region: /);
    expect(code).toBe(1);
  });

  test('other objects are skipped, with a note', async () => {
    const file = `apiVersion: v1\nkind: Namespace\nmetadata: { name: shops }\n---\n${good}---\n`;
    const { out, notes, code } = await run(['validate', 'a.yaml'], { 'a.yaml': file });
    expect(notes).toBe('a.yaml: skipped Namespace shops');
    expect(out).toBe('a.yaml: EcomStore shops/acme: well formed');
    expect(code).toBe(0);
  });

  test('a file without stores says so, where another has one', async () => {
    const { out, code } = await run(['validate', 'a.yaml', 'b.yaml'], { 'a.yaml': '# nothing\n', 'b.yaml': good });
    expect(out).toMatch(/^a\.yaml: no EcomStore here$/m);
    expect(code).toBe(0);
  });

  // `kustomize build . | ecomstore validate -` must be red when kustomize has failed.
  test.each([
    ['nothing', ''],
    ['a word', 'hello'],
    ['an empty document', '---\n'],
    ['other objects alone', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shops }\n'],
  ])('no store in any input is a problem: %s', async (_name, text) => {
    const { out, code } = await run(['validate', '-'], { '-': text });
    expect(out).toMatch(/^-:1:1: there is no EcomStore here/);
    expect(code).toBe(1);
    const json = await run(['validate', '-o', 'json', '-'], { '-': text });
    expect([JSON.parse(json.out), json.code]).toMatchObject([{ valid: false, problems: [{ rule: 'no store' }] }, 1]);
  });

  test('the same store twice is a problem, in one file or in two', async () => {
    const files = { 'a.yaml': `${good}---\n${good}`, 'b.yaml': good, 'c.yaml': good.replace('shops', 'other') };
    const one = await run(['validate', 'a.yaml'], files);
    expect(one.out).toMatch(/^a\.yaml:11:19: metadata\.name: EcomStore shops\/acme stands at a\.yaml:3:19 already/);
    expect(one.code).toBe(1);
    const two = await run(['validate', 'b.yaml', 'a.yaml'], files);
    expect(two.out.match(/stands at b\.yaml:3:19 already/g)).toHaveLength(2);
    expect((await run(['validate', 'b.yaml', 'c.yaml'], files)).code).toBe(0);
  });

  test('a section that was left empty is a problem: not every apply takes it, and none makes the section', async () => {
    const { out, code } = await run(['validate', 'a.yaml'], { 'a.yaml': `${good}  cache:\n  database: null\n` });
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^a\.yaml:8:\d+: spec\.cache: cache is empty, which .* refuses and all else drops$/),
      '    write `cache: {}` or leave it out',
      expect.stringMatching(/^a\.yaml:9:13: spec\.database: database is empty/),
      '    write `database: {}` or leave it out',
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['no', 'name: acme', 'name: no'],
    ['1e3', 'name: acme', 'name: 1e3'],
    ['017', 'compute: {', 'compute: { environment: { DEBUG: 017 },'],
    ['1.10', 'compute: {', 'compute: { environment: { VERSION: 1.10 },'],
  ])('a remedy quotes what is written, not what YAML makes of it: %s', async (written, from, to) => {
    const { out } = await run(['validate', 'a.yaml'], { 'a.yaml': good.replace(from, to) });
    expect(out).toContain(`put it in quotes: "${written}"`);
  });

  describe('a template that was not rendered', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, n) => `  x${n}: {{ .Values.x${n} }}\n`).join('');

    test('is told to be one, and not line by line', async () => {
      const file = `${good}---\nspec:\n${lines(30)}`;
      const { out, code } = await run(['validate', 'a.yaml'], { 'a.yaml': file });
      expect(out.match(/render the template first/g)).toHaveLength(1);
      expect(out.split('\n')).toHaveLength(2);
      expect(code).toBe(1);
    });

    test('is told by its values, too, where it is YAML', async () => {
      const file = good.replace('acme', '"{{ .Release.Name }}"');
      const { out } = await run(['validate', 'a.yaml'], { 'a.yaml': file });
      expect(out).toContain('metadata.name: "{{ .Release.Name }}" is not made of');
      expect(out).toContain('render the template first');
    });
  });

  test('a List is its items, and JSON is YAML', async () => {
    const store = { apiVersion: 'ecom.io/v1alpha1', kind: 'EcomStore', metadata: { name: 'acme' }, spec: {} };
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [store] }, null, 2);
    const { out, code } = await run(['validate', 'a.json'], { 'a.json': list });
    expect(out).toMatch(/^a\.json:11:7: spec\.region: region is missing/m);
    expect(code).toBe(1);
  });

  test('standard input is a file called -', async () => {
    expect(await run(['validate', '-'], { '-': good })).toMatchObject({
      out: '-: EcomStore shops/acme: well formed',
      code: 0,
    });
  });

  test.each([
    ['a bracket that stays open', 'spec: [1, 2\n'],
    ['a key twice', `${good}spec: {}\n`],
    ['a template that was not rendered', 'metadata: { name: {{ .Values.name }} }\n'],
    ['an alias to nothing', 'spec: *nothing\n'],
  ])('invalid YAML is a problem with its place: %s', async (_name, file) => {
    const { out, code } = await run(['validate', 'a.yaml'], { 'a.yaml': file });
    expect(out).toMatch(/^a\.yaml:\d+:\d+: this is not valid YAML: /);
    expect(code).toBe(1);
  });

  test('aliases that unfold without end are refused', async () => {
    const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    const { out, code } = await run(['validate', 'a.yaml'], { 'a.yaml': `a0: &a0 [x]\n${levels.join('\n')}\n` });
    expect(out).toContain('Excessive alias count');
    expect(code).toBe(1);
  });

  test('anchors and merge keys are followed', async () => {
    const file = bad
      .replace('spec:', 'x: &x { host: a.example.net }\nspec:')
      .replace(/ {2}domain:[^]*?alias.*\n/, '  domain: { <<: *x, zone: example.com }\n');
    const { out } = await run(['validate', 'a.yaml'], { 'a.yaml': file });
    expect(out).toContain('spec.domain.host: the host lies outside the zone');
  });

  test('a problem behind an alias is placed where it was written', async () => {
    const file = good
      .replace(/ {2}domain: (.*)/, '  domain: *d')
      .replace('spec:', 'x: &d { host: a.example.net, zone: example.com }\nspec:');
    const { out } = await run(['validate', 'a.yaml'], { 'a.yaml': file });
    expect(out).toContain('a.yaml:4:15: spec.domain.host: the host lies outside the zone');
  });

  test('numbers of base 60 are text, as they are for kubectl', async () => {
    const { code } = await run(['validate', 'a.yaml'], {
      'a.yaml': good.replace('compute: {', 'compute: { environment: { AT: 12:30, ON: 2026-01-01 },'),
    });
    expect(code).toBe(0);
  });

  test('several files are all checked', async () => {
    const { out, code } = await run(['validate', 'a.yaml', 'b.yaml'], { 'a.yaml': bad, 'b.yaml': good });
    expect(out).toContain('a.yaml:8:11: ');
    expect(out).toContain('b.yaml: EcomStore shops/acme: well formed');
    expect(code).toBe(1);
  });

  test('JSON output is for machines', async () => {
    const { out, code } = await run(['validate', '-o', 'json', 'a.yaml'], { 'a.yaml': bad });
    const told = JSON.parse(out) as { valid: boolean; problems: object[] };
    expect(told.valid).toBe(false);
    expect(told.problems[0]).toMatchObject({
      file: 'a.yaml',
      line: 8,
      column: 11,
      path: 'spec.domain.host',
      value: 'shop.example.org',
      message: 'the host lies outside the zone',
    });
    expect(code).toBe(1);
  });

  test('no file and an unknown format are clear errors', async () => {
    await expect(run(['validate'])).rejects.toThrow("missing required argument 'file'");
    await expect(run(['validate', '-o', 'xml', 'a'])).rejects.toThrow('Allowed choices are text, json');
    await expect(run(['check'])).rejects.toThrow("unknown command 'check'");
  });

  test('a file that cannot be read is told after what was found in the others', async () => {
    const files = { 'a.yaml': good, 'b.yaml': bad };
    const { out, notes, code } = await run(['validate', 'nope.yaml', 'a.yaml', 'b.yaml'], files);
    expect(out).toContain('a.yaml: EcomStore shops/acme: well formed');
    expect(out).toContain('b.yaml:8:11: spec.domain.host');
    expect([notes, code]).toEqual(['nope.yaml: no such file', 1]);
    const json = await run(['validate', '--output', 'json', 'nope.yaml', 'a.yaml'], files);
    const problem = { file: 'nope.yaml', rule: 'unreadable', message: 'nope.yaml: no such file' };
    expect([JSON.parse(json.out), json.code]).toMatchObject([{ valid: false, problems: [problem] }, 1]);
  });
});
