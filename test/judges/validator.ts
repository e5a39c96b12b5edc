import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathOf, type Finding, type Judge } from './judge.ts';
import type { Template } from './template/export.ts';

/** What we use of `@aws/cloudformation-validate`. */
interface Validate {
  readonly CompositeEngine: new (config: { readonly guardRules: readonly RuleSource[] }) => Engine;
  readonly TemplateContent: new (text: string) => object;
}

interface RuleSource {
  readonly name: string;
  readonly content: string;
}

interface Engine {
  validateTemplate(template: object, config: object): Report;
}

interface Report {
  readonly status: 'OK' | 'ANALYSIS_INCOMPLETE' | 'ERROR';
  readonly diagnostics: readonly {
    readonly ruleId: string;
    readonly message: string;
    readonly source: string;
    readonly propertyPath?: string;
    readonly entity?: { readonly logicalId: string };
  }[];
}

/** It comes inside the CDK, which is newer than what npm has of it by itself. */
const validate = (): Validate =>
  createRequire(pathOf('aws-cdk-lib/package.json'))('@aws/cloudformation-validate') as Validate;

/** The services that a store is made of, by the folders of Control Tower's rules. */
const services = [
  ...['certificatemanager', 'cloudfront', 'cloudwatch', 'ec2', 'ec2autoscaling', 'elasticache', 'elasticloadbalancing'],
  ...['identityandaccessmanagement', 'keymanagementservice', 'lambda', 'rds', 's3', 'sqs'],
];

/** The proactive controls of AWS Control Tower, as they come with the CDK's plugin. */
export function controlTowerRules(): RuleSource[] {
  const rules = join(dirname(pathOf('@cdklabs/cdk-validator-cfnguard/package.json')), 'rules/control-tower/cfn-guard');
  return services.flatMap((service) =>
    readdirSync(join(rules, service))
      .filter((file) => file.endsWith('.guard'))
      .map((file) => ({ name: file, content: readFileSync(join(rules, service, file), 'utf8') })),
  );
}

/**
 * What it says of every template or of how templates are best written, and so of no resource: that a property can be
 * given at birth only, that the template could say more of itself, and that it would suit no other zone or account.
 */
const ofTemplates = ['I9001', 'I4010', 'I1022', 'W3010', 'W9013'];

function engineOf(region: string, guardRules: readonly RuleSource[]): (template: Template) => Report['diagnostics'] {
  const { CompositeEngine, TemplateContent } = validate();
  const engine = new CompositeEngine({ guardRules });
  const config = { detailLevel: 'STANDARD', exclude: { ids: ofTemplates }, pseudoParameterOverrides: { region } };
  return (template) => {
    const { status, diagnostics } = engine.validateTemplate(new TemplateContent(JSON.stringify(template)), config);
    if (status !== 'OK') throw new Error(`the validator did not read the whole template: ${status}`);
    return diagnostics;
  };
}

const findingOf =
  (judge: string) =>
  ({ ruleId, message, propertyPath, entity }: Report['diagnostics'][number]): Finding => ({
    ...{ judge, rule: ruleId, resource: entity?.logicalId ?? 'template' },
    message: propertyPath === undefined ? message : `${propertyPath}: ${message}`,
  });

/** AWS's own validator of templates: its rules, and CloudFormation's schema of every resource type. */
export function cloudFormationValidate(region: string): Judge {
  const name = 'cloudformation-validate';
  const diagnose = engineOf(region, []);
  return { name, judge: (template) => diagnose(template).map(findingOf(name)) };
}

/** The controls of AWS Control Tower, which the validator evaluates as cfn-guard would. */
export function controlTower(region: string): Judge {
  const name = 'control-tower';
  const diagnose = engineOf(region, controlTowerRules());
  const ofGuard = (template: Template) => diagnose(template).filter(({ source }) => source === 'GUARD');
  return { name, judge: (template) => ofGuard(template).map(findingOf(name)) };
}
