import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagPairs } from '../core/tags.ts';
import { once } from '../core/tokens.ts';
import { byIds, filtered, type Filter, type FilterTable } from './filters.ts';
import { kind, type Tagged } from './kinds.ts';
import { describeVersions } from './launch-template-versions.ts';
import { checkedTemplateData, type TemplateData } from './launch-template-data.ts';
import { tagsAtBirth, type TagSpecification } from './tagging.ts';

export interface TemplateVersion {
  readonly number: number;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly data: TemplateData;
}

export interface LaunchTemplate extends Tagged {
  readonly name: string;
  readonly createdAt: number;
  readonly defaultVersion: number;
  readonly latestVersion: number;
  readonly versions: readonly TemplateVersion[];
}

export const launchTemplates = kind<LaunchTemplate>('launch-template');

const noTemplate = (id: string): AwsError =>
  new AwsError(
    'InvalidLaunchTemplateId.NotFound',
    `The specified launch template, with template ID ${id}, does not exist.`,
  );
const noTemplateName = (name: string): AwsError =>
  new AwsError(
    'InvalidLaunchTemplateName.NotFoundException',
    `The specified launch template, with template name ${name}, does not exist.`,
  );

/** How calls name a template: by one of the two. */
export interface TemplateNamed {
  readonly LaunchTemplateId?: string;
  readonly LaunchTemplateName?: string;
}

export function templateOf(all: readonly LaunchTemplate[], named: TemplateNamed): LaunchTemplate {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = named;
  if ((id === undefined) === (name === undefined))
    throw new AwsError(
      id === undefined ? 'MissingParameter' : 'InvalidParameterCombination',
      'Exactly one of a launch template ID and a launch template name must be specified.',
    );
  const found = all.find((template) => template.id === id || template.name === name);
  if (found) return found;
  throw id === undefined ? noTemplateName(name ?? '') : noTemplate(id);
}

const filters: FilterTable<LaunchTemplate> = {
  'launch-template-name': ({ name }) => [name],
  'create-time': ({ createdAt }) => [new Date(createdAt).toISOString()],
};

export const createdBy = ({ account }: Request): string => `arn:aws:iam::${account}:user/operator`;

const told = (template: LaunchTemplate, request: Request) => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  CreateTime: new Date(template.createdAt),
  CreatedBy: createdBy(request),
  DefaultVersionNumber: template.defaultVersion,
  LatestVersionNumber: template.latestVersion,
  Tags: toTagPairs(template.tags),
});

interface CreateTemplate {
  readonly ClientToken?: string;
  readonly LaunchTemplateName: string;
  readonly VersionDescription?: string;
  readonly LaunchTemplateData: TemplateData;
  readonly TagSpecifications?: TagSpecification[];
}

function create(input: CreateTemplate, request: Request) {
  const { ClientToken, ...parameters } = input;
  const id = once(request, ClientToken, parameters, () => {
    const all = request.in(launchTemplates);
    const { LaunchTemplateName: name } = input;
    if (!/^[a-zA-Z0-9()./_-]{3,125}$/.test(name))
      throw new AwsError('InvalidLaunchTemplateName.MalformedException', `The name ${name} is malformed.`);
    if (all.all().some((template) => template.name === name))
      throw new AwsError('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');
    const data = checkedTemplateData(input.LaunchTemplateData);
    const made = request.id('lt');
    const createdAt = request.now;
    const first: TemplateVersion = { number: 1, description: input.VersionDescription, createdAt, data };
    const tags = tagsAtBirth(input.TagSpecifications, 'launch-template');
    all.put(made, { id: made, tags, name, createdAt, defaultVersion: 1, latestVersion: 1, versions: [first] });
    return made;
  });
  return { LaunchTemplate: told(request.in(launchTemplates).get(id) ?? gone(id), request) };
}

/** A token is used again for a template that was deleted since. */
function gone(id: string): never {
  throw noTemplate(id);
}

interface CreateVersion extends TemplateNamed {
  readonly ClientToken?: string;
  readonly SourceVersion?: string;
  readonly VersionDescription?: string;
  readonly LaunchTemplateData: TemplateData;
}

/** A new version takes over what its source says and it does not; without a source it starts empty. */
function createVersion(input: CreateVersion, request: Request) {
  const { ClientToken, ...parameters } = input;
  const all = request.in(launchTemplates);
  const { id } = templateOf(all.all(), input);
  const number = once(request, ClientToken, parameters, () => {
    const template = all.get(id) as LaunchTemplate;
    const source = input.SourceVersion === undefined ? undefined : versionOf(template, input.SourceVersion);
    const latestVersion = template.latestVersion + 1;
    const data = checkedTemplateData({ ...source?.data, ...input.LaunchTemplateData });
    const version = { number: latestVersion, description: input.VersionDescription, createdAt: request.now, data };
    all.change(id, { latestVersion, versions: [...template.versions, version] });
    return latestVersion;
  });
  const template = all.get(id) as LaunchTemplate;
  return { LaunchTemplateVersion: versionTold(template, versionOf(template, String(number)), request) };
}

/** A version by its number, `$Latest` or `$Default`. */
export function versionOf(template: LaunchTemplate, version: string): TemplateVersion {
  const number =
    version === '$Latest' ? template.latestVersion : version === '$Default' ? template.defaultVersion : Number(version);
  const found = template.versions.find((one) => one.number === number);
  if (!found)
    throw new AwsError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find launch template version ${version} of ${template.id}`,
    );
  return found;
}

export const versionTold = (template: LaunchTemplate, version: TemplateVersion, request: Request) => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  VersionNumber: version.number,
  VersionDescription: version.description,
  CreateTime: new Date(version.createdAt),
  CreatedBy: createdBy(request),
  DefaultVersion: version.number === template.defaultVersion,
  LaunchTemplateData: version.data,
});

function modify(input: TemplateNamed & { DefaultVersion?: string }, request: Request) {
  const all = request.in(launchTemplates);
  const template = templateOf(all.all(), input);
  const defaultVersion = versionOf(template, input.DefaultVersion ?? '$Default').number;
  return { LaunchTemplate: told(all.change(template.id, { defaultVersion }), request) };
}

function deleteVersions(input: TemplateNamed & { Versions: string[] }, request: Request) {
  const all = request.in(launchTemplates);
  const template = templateOf(all.all(), input);
  const named = { LaunchTemplateId: template.id, LaunchTemplateName: template.name };
  const numbers = input.Versions.map(Number);
  if (numbers.includes(template.defaultVersion))
    throw new AwsError('OperationNotPermitted', `Cannot delete the default version of launch template ${template.id}.`);
  const known = template.versions.map(({ number }) => number).filter((number) => numbers.includes(number));
  all.change(template.id, { versions: template.versions.filter(({ number }) => !numbers.includes(number)) });
  return {
    SuccessfullyDeletedLaunchTemplateVersions: known.map((VersionNumber) => ({ ...named, VersionNumber })),
    UnsuccessfullyDeletedLaunchTemplateVersions: numbers
      .filter((number) => !known.includes(number))
      .map((VersionNumber) => ({
        ...named,
        VersionNumber,
        ResponseError: {
          Code: 'launchTemplateVersionDoesNotExist',
          Message: `Version ${VersionNumber} does not exist`,
        },
      })),
  };
}

export const launchTemplateOperations: Operations = {
  CreateLaunchTemplate: create,
  CreateLaunchTemplateVersion: createVersion,
  ModifyLaunchTemplate: modify,
  DeleteLaunchTemplateVersions: deleteVersions,
  DescribeLaunchTemplateVersions: describeVersions,
  DescribeLaunchTemplates: (
    input: {
      LaunchTemplateIds?: string[];
      LaunchTemplateNames?: string[];
      Filters?: Filter[];
      NextToken?: string;
      MaxResults?: number;
    },
    request,
  ) => {
    const byId = byIds(request.listed(launchTemplates), input.LaunchTemplateIds, ({ id }) => id, noTemplate);
    const named = byIds(byId, input.LaunchTemplateNames, ({ name }) => name, noTemplateName);
    const page = { token: input.NextToken, size: input.MaxResults, most: 200 };
    const { items, next } = pageOf(request.world, filtered(named, input.Filters, filters), page);
    return { LaunchTemplates: items.map((template) => told(template, request)), NextToken: next };
  },
  DeleteLaunchTemplate: (input: TemplateNamed, request) => {
    const template = templateOf(request.in(launchTemplates).all(), input);
    request.in(launchTemplates).remove(template.id);
    return { LaunchTemplate: told(template, request) };
  },
};
