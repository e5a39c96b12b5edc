import { shapeOf, type Member, type ServiceModel } from './service-model.ts';

/**
 * The root elements of S3's replies, which botocore's models leave out because its parsers need none.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
const s3Roots: Readonly<Record<string, string>> = {
  DeleteObjects: 'DeleteResult',
  GetBucketAccelerateConfiguration: 'AccelerateConfiguration',
  GetBucketAcl: 'AccessControlPolicy',
  GetBucketCors: 'CORSConfiguration',
  GetBucketLifecycleConfiguration: 'LifecycleConfiguration',
  GetBucketLocation: 'LocationConstraint',
  GetBucketLogging: 'BucketLoggingStatus',
  GetBucketRequestPayment: 'RequestPaymentConfiguration',
  GetBucketTagging: 'Tagging',
  GetBucketVersioning: 'VersioningConfiguration',
  GetBucketWebsite: 'WebsiteConfiguration',
  ListBuckets: 'ListAllMyBucketsResult',
  ListMultipartUploads: 'ListMultipartUploadsResult',
  ListObjectVersions: 'ListVersionsResult',
  ListObjectsV2: 'ListBucketResult',
};

/** `<LocationConstraint>eu-central-1</LocationConstraint>`: the root is the only member itself. */
export const isUnwrapped = ({ metadata }: ServiceModel, operation: string): boolean =>
  metadata.endpointPrefix === 's3' && operation === 'GetBucketLocation';

/** The name of the root element of an operation's reply in REST-XML. */
export function documentRoot(model: ServiceModel, operation: string): string {
  const { output } = model.operations[operation] ?? {};
  const { payload, members = {} } = output ? shapeOf(model, output.shape) : {};
  if (payload !== undefined) {
    const { locationName, shape } = members[payload] as Member;
    return locationName ?? shape;
  }
  return (model.metadata.endpointPrefix === 's3' ? s3Roots[operation] : undefined) ?? `${operation}Response`;
}

/**
 * The namespace of a service's replies: EC2's ends in a slash on the wire; where the model has none of its own, that of
 * its inputs.
 */
export function xmlNamespaceOf(model: ServiceModel): string | undefined {
  const { protocol, xmlNamespace } = model.metadata;
  if (protocol === 'ec2') return `${xmlNamespace}/`;
  if (xmlNamespace !== undefined) return xmlNamespace;
  for (const { input } of Object.values(model.operations)) {
    const { payload, members = {} } = input ? shapeOf(model, input.shape) : {};
    const ofPayload = payload === undefined ? undefined : (members[payload] as Member).xmlNamespace;
    const found = input?.xmlNamespace ?? ofPayload;
    if (typeof found === 'object') return found.uri;
  }
  return undefined;
}
