import { describe, expect, test } from 'vitest';
import type { Template } from './template/export.ts';
import { Waivers, type Waiver } from './waivers.ts';

const waiver: Waiver = {
  rules: ['nag Port[*]', 'nag Star[\\*]', 'nag Never'],
  resources: ['Database*'],
  before: 'Group',
  reason: 'for the test',
  expires: '2027-01-01',
};

const finding = (rule: string, resource = 'DatabasePrimary') => ({ judge: 'nag', rule, resource, message: 'bad' });

const holding = (...names: readonly string[]): Template => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Resources: Object.fromEntries(
    names.map((name) => [
      name,
      { Type: 'AWS::X::Y', Properties: {}, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
    ]),
  ),
});

describe('a waiver', () => {
  test('covers its rules on its resources, and nothing else', () => {
    const waivers = new Waivers([waiver]);
    const others = [finding('Port[1]', 'Cache'), finding('Ports[1]'), finding('Star[a]')];
    const state = holding('DatabasePrimary');
    expect(waivers.unwaived([finding('Port[1]'), finding('Star[*]'), ...others], state)).toEqual(others);
  });

  test('holds only before what it names exists', () => {
    const waivers = new Waivers([waiver]);
    expect(waivers.unwaived([finding('Port[1]')], holding('DatabasePrimary', 'GroupOfOthers'))).toEqual([]);
    expect(waivers.unwaived([finding('Port[1]')], holding('Group'))).toEqual([finding('Port[1]')]);
  });

  test('holds before what belongs to its own resource, and not to another of the kind', () => {
    const waivers = new Waivers([{ ...waiver, before: 'Group*' }]);
    const found = [finding('Port[1]', 'DatabaseA'), finding('Port[1]', 'DatabaseB')];
    expect(waivers.unwaived(found, holding('DatabaseA', 'DatabaseB', 'GroupA'))).toEqual([found[0]]);
  });

  test('covers what takes the place of its resource, too', () => {
    const waivers = new Waivers([{ ...waiver, resources: ['Database'] }]);
    expect(waivers.unwaived([finding('Port[1]', 'Databasex2')], holding('Database', 'Databasex2'))).toEqual([]);
  });

  test('of one store holds for no other', () => {
    const waivers = new Waivers([{ ...waiver, of: 'yesterday*' }]);
    const state = holding('DatabasePrimary');
    expect(waivers.unwaived([finding('Port[1]')], state, 'yesterday.yaml')).toEqual([]);
    expect(waivers.unwaived([finding('Port[1]')], state, 'today.yaml')).toEqual([finding('Port[1]')]);
  });

  test('is told when a rule or a resource of it was never needed', () => {
    const waivers = new Waivers([waiver]);
    waivers.unwaived([finding('Port[1]'), finding('Star[*]')], holding());
    expect(waivers.unused()).toEqual(['0: nag Never']);
  });

  test('expires on its day', () => {
    const waivers = new Waivers([waiver]);
    expect(waivers.expired(new Date('2026-12-31'))).toEqual([]);
    expect(waivers.expired(new Date('2027-01-01'))).toEqual([waiver]);
  });
});
