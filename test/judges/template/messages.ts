import type { LambdaFunction } from '../../../simulator/aws/lambda/kinds.ts';
import type { Subscription, Topic } from '../../../simulator/aws/sns/kinds.ts';
import type { Queue } from '../../../simulator/aws/sqs/kinds.ts';
import { document, tagPairs, type Mapping, type Part } from './part.ts';

type Attributes = Readonly<Record<string, string>>;

/** An attribute that is itself JSON in the API, and an object in a template. */
const asObject = (text: string | undefined): unknown =>
  text === undefined || text === '' ? undefined : document(text);

/** The API has text for everything; a template has numbers and truths. */
const asValue = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
};

export const topic: Mapping<Topic> = ({ arn, name, attributes, tags }) => {
  const { Policy, DeliveryPolicy, ...same } = attributes;
  return [
    {
      type: 'AWS::SNS::Topic',
      ids: { [arn]: 'Ref' },
      properties: { TopicName: name, ...said(same), DeliveryPolicy: asObject(DeliveryPolicy), Tags: tagPairs(tags) },
    },
    ...policyOf('AWS::SNS::TopicPolicy', Policy, { Topics: [arn] }),
  ];
};

export const subscription: Mapping<Subscription> = ({ topicArn, protocol, endpoint, attributes }) => {
  const { RawMessageDelivery, ...rest } = attributes;
  return [
    {
      type: 'AWS::SNS::Subscription',
      properties: {
        ...{ TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint },
        ...Object.fromEntries(Object.entries(rest).map(([key, text]) => [key, asObject(text)])),
        RawMessageDelivery: RawMessageDelivery === undefined ? undefined : RawMessageDelivery === 'true',
      },
    },
  ];
};

export const queue: Mapping<Queue> = ({ name, url, arn, attributes, tags }) => {
  const { Policy, RedrivePolicy, RedriveAllowPolicy, ...same } = attributes;
  const values = Object.fromEntries(Object.entries(said(same)).map(([key, text]) => [key, asValue(text)]));
  return [
    {
      type: 'AWS::SQS::Queue',
      ids: { [url]: 'Ref', [arn]: 'Arn' },
      properties: {
        ...{ QueueName: name, ...values },
        ...{ RedrivePolicy: asObject(RedrivePolicy), RedriveAllowPolicy: asObject(RedriveAllowPolicy) },
        Tags: tagPairs(tags),
      },
    },
    ...policyOf('AWS::SQS::QueuePolicy', Policy, { Queues: [url] }),
  ];
};

/** An empty attribute says nothing. */
const said = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, text]) => text !== ''));

const policyOf = (type: Part['type'], text: string | undefined, about: object): Part[] =>
  text === undefined || text === ''
    ? []
    : [{ type, suffix: 'policy', properties: { ...about, PolicyDocument: document(text) } }];

/** Of an archive AWS keeps no more than its checksum: where it came from, a template can only make up. */
const codeOf = ({ packageType, code }: LambdaFunction) =>
  packageType === 'Image' ? { ImageUri: code.imageUri } : { S3Bucket: 'code', S3Key: code.sha256 };

/** Who may call a function is a resource of its own for each statement of its policy. */
const permissionsOf = ({ arn, statements }: LambdaFunction): Part[] =>
  statements.map(({ Sid, Action, Principal, Condition }) => ({
    type: 'AWS::Lambda::Permission',
    suffix: `permission-${Sid}`,
    properties: {
      ...{ FunctionName: arn, Action },
      Principal: typeof Principal === 'string' ? Principal : Object.values(Principal as Attributes)[0],
      SourceArn: Condition?.['ArnLike']?.['AWS:SourceArn'],
      SourceAccount: Condition?.['StringEquals']?.['AWS:SourceAccount'],
    },
  }));

export const lambdaFunction: Mapping<LambdaFunction> = (one) => [
  {
    type: 'AWS::Lambda::Function',
    ids: { [one.arn]: 'Arn', [one.name]: 'Ref' },
    properties: {
      ...{ FunctionName: one.name, PackageType: one.packageType, Code: codeOf(one), ...one.settings },
      Tags: tagPairs(one.tags),
    },
  },
  ...permissionsOf(one),
];
