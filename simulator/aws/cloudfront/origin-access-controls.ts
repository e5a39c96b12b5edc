import { AwsError } from '../core/aws-error.ts';
import type { Operations, Request } from '../core/request.ts';
import type { Kind } from '../core/world.ts';
import { checkVersion, global, listPage, newId, type Paged, type Versioned } from './kinds.ts';
import { distributions } from './stored.ts';

interface Config {
  readonly Name: string;
  readonly Description?: string;
  readonly SigningProtocol: string;
  readonly SigningBehavior: string;
  readonly OriginAccessControlOriginType: string;
}

interface OriginAccessControl extends Versioned {
  readonly config: Config;
}

/** They have no tags. */
export const originAccessControls: Kind<OriginAccessControl> = {
  type: 'cloudfront/origin-access-control',
  tags: () => ({}),
};

function controlOf(request: Request, id: string): OriginAccessControl {
  const found = global(request, originAccessControls).get(id);
  if (!found) throw new AwsError('NoSuchOriginAccessControl', 'The origin access control does not exist.', 404);
  return found;
}

/** https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html: names are unique. */
function checkName(request: Request, { Name }: Config, except?: string): void {
  if (Name.length > 64) throw new AwsError('InvalidArgument', 'The parameter Name is too long.');
  const twin = global(request, originAccessControls)
    .all()
    .find(({ id, config }) => id !== except && config.Name === Name);
  if (twin)
    throw new AwsError(
      'OriginAccessControlAlreadyExists',
      `An origin access control with the same name already exists: ${Name}`,
      409,
    );
}

const told = ({ id, etag, config }: OriginAccessControl) => ({
  OriginAccessControl: { Id: id, OriginAccessControlConfig: config },
  ETag: etag,
});

function create({ OriginAccessControlConfig: config }: { OriginAccessControlConfig: Config }, request: Request) {
  checkName(request, config);
  const all = global(request, originAccessControls);
  const code = 'TooManyOriginAccessControls';
  request.withinQuota(
    'Origin access controls per AWS account',
    100,
    all.all().length,
    code,
    'The number of origin access controls in your account exceeds the maximum allowed.',
  );
  const id = newId(request);
  const made = all.put(id, { id, etag: newId(request), config });
  return {
    ...told(made),
    Location: `https://cloudfront.amazonaws.com/2020-05-31/origin-access-control/${id}`,
  };
}

interface ById {
  readonly Id: string;
  readonly IfMatch?: string;
}

/** Origin access control: who signs what CloudFront asks of a bucket. */
export const originAccessControlOperations: Operations = {
  CreateOriginAccessControl: create,
  GetOriginAccessControl: ({ Id }: ById, request) => told(controlOf(request, Id)),
  GetOriginAccessControlConfig: ({ Id }: ById, request) => {
    const { config, etag } = controlOf(request, Id);
    return { OriginAccessControlConfig: config, ETag: etag };
  },
  UpdateOriginAccessControl: (
    { Id, IfMatch, OriginAccessControlConfig: config }: ById & { OriginAccessControlConfig: Config },
    request,
  ) => {
    checkVersion(controlOf(request, Id), IfMatch);
    checkName(request, config, Id);
    return told(global(request, originAccessControls).change(Id, { config, etag: newId(request) }));
  },
  DeleteOriginAccessControl: ({ Id, IfMatch }: ById, request) => {
    checkVersion(controlOf(request, Id), IfMatch);
    const uses = global(request, distributions)
      .all()
      .some(({ config }) => config.Origins.Items.some((origin) => origin.OriginAccessControlId === Id));
    if (uses)
      throw new AwsError(
        'OriginAccessControlInUse',
        "Cannot delete the origin access control because it's in use by one or more distributions.",
        409,
      );
    global(request, originAccessControls).remove(Id);
  },
  ListOriginAccessControls: (input: Paged, request) => ({
    OriginAccessControlList: listPage(request, originAccessControls, input, ({ id, config }) => ({
      Id: id,
      Description: '',
      ...config,
    })),
  }),
};
