import { readFileSync } from 'node:fs';

/** A member of a structure, or what a list or map holds. */
export interface Member {
  readonly shape: string;
  readonly locationName?: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly idempotencyToken?: boolean;
  readonly xmlAttribute?: boolean;
  readonly xmlNamespace?: string | { readonly uri: string };
  readonly timestampFormat?: string;
}

export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Member>>;
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly flattened?: boolean;
  readonly payload?: string;
  readonly locationName?: string;
  readonly timestampFormat?: string;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}

export interface Operation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: {
    readonly shape: string;
    readonly locationName?: string;
    readonly xmlNamespace?: { readonly uri: string };
  };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors: readonly string[];
}

export interface ServiceModel {
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly protocol: 'ec2' | 'query' | 'json' | 'rest-xml' | 'rest-json';
    readonly jsonVersion?: string;
    readonly signingName?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** The services of the simulator, by botocore's folder names. */
export const serviceIds = ['sts', 'ec2', 'autoscaling', 'elbv2', 'iam', 'acm', 'route53', 'ssm', 'logs'] as const;
export type ServiceId = (typeof serviceIds)[number];

const loaded = new Map<ServiceId, ServiceModel>();

/**
 * Values that AWS answers although its own model does not have them, by shape: an attached internet gateway is
 * `available`, and states of VPC endpoints are in lower case (as the samples in the EC2 API reference show); the
 * interface of a NAT gateway has the type that the filter `interface-type` of DescribeNetworkInterfaces is documented with.
 */
const alsoAnswered: Partial<Record<ServiceId, Readonly<Record<string, readonly string[]>>>> = {
  ec2: {
    AttachmentStatus: ['available'],
    NetworkInterfaceType: ['nat_gateway'],
    State: ['pending', 'available', 'deleting', 'deleted'],
  },
};

function asAnswered(service: ServiceId, model: ServiceModel): ServiceModel {
  const widened = Object.entries(alsoAnswered[service] ?? {}).map(([name, values]) => {
    const shape = shapeOf(model, name);
    return [name, { ...shape, enum: [...(shape.enum ?? []), ...values] }];
  });
  return { ...model, shapes: { ...model.shapes, ...(Object.fromEntries(widened) as Record<string, Shape>) } };
}

/** The reduced model of a service, read once. */
export function modelOf(service: ServiceId): ServiceModel {
  let model = loaded.get(service);
  if (!model) {
    model = asAnswered(
      service,
      JSON.parse(readFileSync(new URL(`../models/${service}.json`, import.meta.url), 'utf8')) as ServiceModel,
    );
    loaded.set(service, model);
  }
  return model;
}

export function shapeOf(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`the model has no shape ${name}`);
  return shape;
}
