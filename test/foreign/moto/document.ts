import { gaps, lacking, lackingAnswer } from './gaps.ts';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** `docs/moto.md`, from the table that the test holds moto to. */
export const document = (version: string): string =>
  [
    '# moto as a second AWS',
    '',
    `[moto](https://docs.getmoto.org) is an AWS that nobody here wrote. \`test/foreign/moto.test.ts\` starts moto ${version}, and the operator as it ships builds, keeps and removes the stores of \`examples/minimal.yaml\` and \`examples/existing-vpc.yaml\` on it.`,
    '',
    'This page is written by that test (`npx vitest run test/foreign/moto.test.ts -u`). Each line is asked of moto in every run: one that moto has learnt meanwhile fails the test, and so does whatever moto refuses that is not listed.',
    '',
    '## Operations that moto does not have',
    '',
    `Of all that the operator calls. moto answers each with HTTP ${lackingAnswer} and an HTML page.`,
    '',
    row('operation', 'what follows'),
    row('---', '---'),
    ...Object.entries(lacking).map(([operation, follows]) => row(`\`${operation}\``, follows)),
    '',
    '## Where moto is not as AWS is',
    '',
    row('AWS', 'moto', 'what follows'),
    row('---', '---', '---'),
    ...gaps.map(({ what, seen, consequence }) => row(what, seen, consequence)),
    '',
  ].join('\n');
