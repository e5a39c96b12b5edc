import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Operations, Request } from '../core/request.ts';
import { toTagMap, toTagPairs, withoutTags, type TagMap, type TagPair } from '../core/tags.ts';
import type { Kind, World } from '../core/world.ts';

export interface Parameter {
  readonly name: string;
  readonly tags: TagMap;
  readonly type: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly tier: string;
  readonly dataType: string;
  /** What values must match; the empty pattern, which Terraform always sends, is none. */
  readonly allowedPattern: string | undefined;
  readonly version: number;
  readonly changedAt: number;
  /** Earlier versions, the eldest first; AWS keeps a hundred. */
  readonly past: readonly Parameter[];
  /** The user's own, that was there before any store. */
  readonly seeded: boolean;
}

export const parameters: Kind<Parameter> = {
  type: 'ssm/parameter',
  tags: ({ tags }) => tags,
  exists: ({ seeded }) => !seeded,
};

const blank = {
  ...{ tags: {}, description: undefined, tier: 'Standard', dataType: 'text', allowedPattern: undefined, past: [] },
} as const;

/** Puts a parameter of the user's own into the account. */
export const seedParameter = (world: World, region: string, name: string, value: string): void =>
  void world
    .collection(region, parameters)
    .put(name, { ...blank, name, value, type: 'String', version: 1, changedAt: world.now(), seeded: true });

const notFound = (): AwsError => new AwsError('ParameterNotFound', 'Parameter not found.');

export function parameterOf(request: Request, name: string): Parameter {
  const found = request.in(parameters).get(name);
  if (!found) throw notFound();
  return found;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
function checkName(name: string): void {
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name))
    throw new AwsError(
      'ValidationException',
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  if (/^\/?(aws|ssm)/i.test(name))
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (name.includes('/') && !name.startsWith('/'))
    throw new AwsError('ValidationException', 'Parameter name must be a fully qualified name.');
  if (name.length > 1011)
    throw new AwsError('ValidationException', 'A parameter name can have at most 1011 characters.');
  if (name.split('/').length > 16)
    throw new AwsError('HierarchyLevelLimitExceededException', 'A parameter name can have at most 15 levels.');
}

interface PutParameter {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: string;
  readonly Description?: string;
  readonly Overwrite?: boolean;
  readonly Tags?: TagPair[];
  readonly Tier?: string;
  readonly DataType?: string;
  readonly AllowedPattern?: string;
}

/** What a value must be, whatever stands there already; what is not simulated is refused. */
function checkValue(input: PutParameter, allowedPattern: string | undefined): void {
  const known = ['Name', 'Value', 'Type', 'Description', 'Overwrite', 'Tags', 'Tier', 'DataType', 'AllowedPattern'];
  const other = Object.keys(input).find((member) => !known.includes(member));
  if (other ?? (input.Type === 'SecureString' ? 'SecureString' : undefined))
    throw new AwsError('ValidationException', `The simulator knows no parameters with ${other ?? 'secrets'}`, 501);
  if (input.Value === '')
    throw new AwsError('ValidationException', "Value '' at 'value' failed to satisfy constraint: length at least 1");
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(input.Value))
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, ${input.Value}, does not match the allowed pattern ${allowedPattern}`,
    );
}

function put(input: PutParameter, request: Request) {
  const { Name: name, Value: value, Overwrite = false } = input;
  checkName(name);
  const all = request.in(parameters);
  const known = all.get(name);
  const allowedPattern = (input.AllowedPattern ?? known?.allowedPattern) || undefined;
  checkValue(input, allowedPattern);
  if (known && !Overwrite)
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  if (Overwrite && input.Tags)
    throw new AwsError('ValidationException', "Invalid request: tags and overwrite can't be used together.");
  if (!known && input.Type === undefined)
    throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
  if (known && input.Type !== undefined && input.Type !== known.type)
    throw new AwsError(
      'HierarchyTypeMismatchException',
      "Parameter Store doesn't support changing a parameter type in a hierarchy.",
    );
  if (!known)
    request.withinQuota(
      'Standard parameters',
      10_000,
      all.all().length,
      'ParameterLimitExceeded',
      'You have exceeded the number of parameters for this account and region.',
    );
  const tier = input.Tier ?? known?.tier ?? 'Standard';
  if (tier === 'Standard' && Buffer.byteLength(value) > 4096)
    throw new AwsError(
      'ValidationException',
      'Standard tier parameters support a maximum parameter value of 4096 characters.',
    );
  const made = all.put(name, {
    name,
    value,
    tier,
    tags: known?.tags ?? toTagMap(input.Tags),
    type: input.Type ?? (known?.type as string),
    description: input.Description ?? known?.description,
    dataType: input.DataType ?? 'text',
    allowedPattern,
    version: (known?.version ?? 0) + 1,
    changedAt: request.now,
    past: known ? [...known.past, { ...known, past: [] }].slice(-100) : [],
    seeded: known?.seeded ?? false,
  });
  return { Version: made.version, Tier: made.tier };
}

const told = (parameter: Parameter, request: Request) => ({
  Name: parameter.name,
  Type: parameter.type,
  Value: parameter.value,
  Version: parameter.version,
  LastModifiedDate: new Date(parameter.changedAt),
  ARN: request.arn(`parameter${parameter.name.startsWith('/') ? '' : '/'}${parameter.name}`),
  DataType: parameter.dataType,
});

const described = (parameter: Parameter, request: Request) => {
  const { Value: _, ...rest } = told(parameter, request);
  return {
    ...rest,
    Description: parameter.description,
    Tier: parameter.tier,
    AllowedPattern: parameter.allowedPattern,
    Policies: [],
    LastModifiedUser: `arn:aws:iam::${request.account}:user/operator`,
  };
};

interface ByPath {
  readonly Path: string;
  readonly Recursive?: boolean;
  readonly ParameterFilters?: ParameterFilter[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

const isBelow = (name: string, path: string, recursive: boolean): boolean => {
  const base = path.endsWith('/') ? path : `${path}/`;
  return name.startsWith(base) && (recursive || !name.slice(base.length).includes('/'));
};

function byPath(input: ByPath, request: Request) {
  if (!input.Path.startsWith('/'))
    throw new AwsError('ValidationException', 'The parameter path must begin with a slash.');
  // "The following Key values are supported for GetParametersByPath: Type, KeyId, and Label."
  const { ParameterFilters: filters = [] } = input;
  const wrong = filters.find(({ Key }) => Key !== 'Type');
  if (wrong) throw new AwsError('InvalidFilterKey', `The following filter key is not valid: ${wrong.Key}.`);
  const below = request
    .listed(parameters)
    .filter((one) => isBelow(one.name, input.Path, input.Recursive ?? false))
    .filter((one) => filters.every((filter) => passes(one, filter)));
  const page = { token: input.NextToken, size: input.MaxResults, most: 10 };
  const { items, next } = pageOf(request.world, below, page);
  return { Parameters: items.map((one) => told(one, request)), NextToken: next };
}

interface ParameterFilter {
  readonly Key: string;
  readonly Option?: string;
  readonly Values?: string[];
}

function passes(parameter: Parameter, { Key, Option = 'Equals', Values = [] }: ParameterFilter): boolean {
  const matches = (text: string): boolean =>
    Values.some((value) =>
      Option === 'BeginsWith' ? text.startsWith(value) : Option === 'Contains' ? text.includes(value) : text === value,
    );
  if (Key === 'Name') return matches(parameter.name);
  if (Key === 'Type') return matches(parameter.type);
  if (Key === 'Tier') return matches(parameter.tier);
  if (Key === 'Path') return Values.some((path) => isBelow(parameter.name, path, Option === 'Recursive'));
  if (Key.startsWith('tag:')) {
    const tag = parameter.tags[Key.slice('tag:'.length)];
    return tag !== undefined && (Values.length === 0 || Values.includes(tag));
  }
  throw new AwsError('InvalidFilterKey', `The following filter key is not valid: ${Key}.`);
}

function taggedOf(
  { ResourceType, ResourceId }: { ResourceType: string; ResourceId: string },
  request: Request,
): Parameter {
  const found = ResourceType === 'Parameter' ? request.in(parameters).get(ResourceId) : undefined;
  if (!found)
    throw new AwsError(
      'InvalidResourceId',
      `The resource ID is not valid. Verify that you entered the correct ID and try again.`,
    );
  return found;
}

interface History {
  readonly Name: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export const parameterOperations: Operations = {
  PutParameter: put,
  GetParameter: ({ Name }: { Name: string }, request) => {
    const [name = '', version] = Name.replace(/^arn:aws:ssm:[^:]*:\d*:parameter(?=\/)/, '').split(':');
    const found = request.listed(parameters).find((one) => one.name === name);
    if (!found) throw notFound();
    const asked = version === undefined ? found : [...found.past, found].find((one) => String(one.version) === version);
    if (!asked)
      throw new AwsError('ParameterVersionNotFound', `Systems Manager could not find version ${version} of ${name}.`);
    return { Parameter: told(asked, request) };
  },
  GetParameters: ({ Names }: { Names: string[] }, request) => {
    const found = request.listed(parameters).filter(({ name }) => Names.includes(name));
    const InvalidParameters = Names.filter((name) => !found.some((one) => one.name === name));
    return { Parameters: found.map((one) => told(one, request)), InvalidParameters };
  },
  GetParametersByPath: byPath,
  GetParameterHistory: ({ Name, MaxResults, NextToken }: History, request) => {
    const found = parameterOf(request, Name);
    const page = { token: NextToken, size: MaxResults, most: 50 };
    const { items, next } = pageOf(request.world, [...found.past, found], page);
    const versions = items.map((one) => {
      const { ARN: _, ...rest } = described(one, request);
      return { ...rest, Value: one.value };
    });
    return { Parameters: versions, NextToken: next };
  },
  DescribeParameters: (
    input: { ParameterFilters?: ParameterFilter[]; NextToken?: string; MaxResults?: number },
    request,
  ) => {
    const found = request
      .listed(parameters)
      .filter((one) => (input.ParameterFilters ?? []).every((filter) => passes(one, filter)));
    const { items, next } = pageOf(request.world, found, { token: input.NextToken, size: input.MaxResults, most: 50 });
    return { Parameters: items.map((one) => described(one, request)), NextToken: next };
  },
  DeleteParameter: ({ Name }: { Name: string }, request) => {
    parameterOf(request, Name);
    request.in(parameters).remove(Name);
  },
  DeleteParameters: ({ Names }: { Names: string[] }, request) => {
    const all = request.in(parameters);
    const DeletedParameters = Names.filter((name) => all.get(name));
    for (const name of DeletedParameters) all.remove(name);
    return { DeletedParameters, InvalidParameters: Names.filter((name) => !DeletedParameters.includes(name)) };
  },
  AddTagsToResource: (input: { ResourceType: string; ResourceId: string; Tags: TagPair[] }, request) => {
    const { name, tags } = taggedOf(input, request);
    request.in(parameters).change(name, { tags: { ...tags, ...toTagMap(input.Tags) } });
  },
  RemoveTagsFromResource: (input: { ResourceType: string; ResourceId: string; TagKeys: string[] }, request) => {
    const { name, tags } = taggedOf(input, request);
    request.in(parameters).change(name, { tags: withoutTags(tags, input.TagKeys) });
  },
  ListTagsForResource: (input: { ResourceType: string; ResourceId: string }, request) => ({
    TagList: toTagPairs(taggedOf(input, request).tags),
  }),
};
