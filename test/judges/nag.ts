import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, type Finding, type Judge } from './judge.ts';
import type { Template } from './template/export.ts';

/** What we use of the CDK. */
interface Cdk {
  readonly App: new (props: object) => object;
  readonly Stack: new (scope: object, id: string) => object;
}

interface Include {
  readonly CfnInclude: new (scope: object, id: string, props: { readonly templateFile: string }) => object;
}

/** What we use of cdk-nag. */
interface Pack {
  validateScope(scope: object): {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingResources: readonly { readonly constructPath: string }[];
    }[];
  };
}

const packs = ['AwsSolutionsChecks', 'NIST80053R5Checks', 'HIPAASecurityChecks', 'PCIDSS321Checks'] as const;

/** cdk-nag: AWS's solution architects, NIST 800-53 rev. 5, HIPAA and PCI DSS. */
export function nag(): Judge {
  const { App, Stack } = load('aws-cdk-lib') as Cdk;
  const { CfnInclude } = load('aws-cdk-lib/cloudformation-include') as Include;
  const nagged = load('cdk-nag') as Record<(typeof packs)[number], new (scope: object) => Pack>;
  return {
    name: 'cdk-nag',
    judge(template: Template): Finding[] {
      const folder = mkdtempSync(join(tmpdir(), 'ecom-nag-'));
      try {
        const templateFile = join(folder, 'template.json');
        writeFileSync(templateFile, JSON.stringify(template));
        const app = new App({ outdir: folder, analyticsReporting: false });
        const stack = new Stack(app, 'store');
        new CfnInclude(stack, 'state', { templateFile });
        return packs.flatMap((name) => findingsOf(new nagged[name](app), app));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** Three of the packs have the same rules under names of their own. */
const packNames = /^(NIST\.800\.53\.R5|HIPAA\.Security|PCI\.DSS\.321)-/;

/** The path of a construct ends with its logical id. */
const findingsOf = (pack: Pack, app: object): Finding[] =>
  pack.validateScope(app).violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({
      ...{ judge: 'cdk-nag', rule: ruleName.replace(packNames, ''), message: description },
      resource: constructPath.slice(constructPath.lastIndexOf('/') + 1),
    })),
  );
