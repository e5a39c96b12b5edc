import { beforeAll, expect, test } from 'vitest';
import { homeRegion } from '../../simulator/account.ts';
import { VirtualWorld } from '../support/virtual-world.ts';
import { describeJudged, type Finding, type Judge } from './judge.ts';
import { nag } from './nag.ts';
import { planted, plantedStore } from './planted.ts';
import { templateOf } from './template/export.ts';
import { cloudFormationValidate, controlTower } from './validator.ts';

/** What no state of the simulated AWS can be, since it refuses it as AWS does: AWS's validator has to know it, too. */
const refused: readonly (readonly [what: string, type: string, properties: Record<string, unknown>, seen: string])[] = [
  [
    'a port that does not exist',
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    { Port: 99_999, Protocol: 'HTTP' },
    'Port',
  ],
  ['logs kept for 99 days', 'AWS::Logs::LogGroup', { RetentionInDays: 99 }, 'RetentionInDays'],
  [
    'a tenancy that AWS does not have',
    'AWS::EC2::VPC',
    { CidrBlock: '10.0.0.0/16', InstanceTenancy: 'mine' },
    'Tenancy',
  ],
  ['a property that AWS does not have', 'AWS::SNS::Topic', { Encrypted: true }, 'Encrypted'],
];

const told = ({ judge, rule, resource }: Finding): string => `${judge} ${rule} ${resource}`;

describeJudged('judges see what is planted', () => {
  let validate: Judge;
  let found: string[];

  beforeAll(async () => {
    validate = cloudFormationValidate(homeRegion);
    const judges = [validate, controlTower(homeRegion), nag()];
    const judged = (template = templateOf(world.aws.world)) =>
      judges.flatMap((judge) => judge.judge(template)).map(told);
    const world = new VirtualWorld();
    await world.settle(world.add(plantedStore.file, plantedStore.change));
    const before = new Set(judged());
    for (const { plant } of planted) await plant(world);
    // What is asked of a database takes RDS a while.
    world.clock.advance(30 * 60_000);
    world.aws.world.settle();
    found = judged().filter((finding) => !before.has(finding));
  }, 120_000);

  test.each(planted)('$what', ({ seen }) => {
    expect(seen.filter((one) => !found.some((finding) => finding.startsWith(one)))).toEqual([]);
  });

  test.each(refused)('%s', (_what, Type, Properties, property) => {
    const resource = { Type, Properties, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    const template = { AWSTemplateFormatVersion: '2010-09-09', Resources: { Planted: resource } };
    const messages = validate.judge(template).map(({ message }) => message);
    expect(messages.filter((message) => message.includes(property))).not.toEqual([]);
  });
});
