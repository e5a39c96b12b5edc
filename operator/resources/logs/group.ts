import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { orAbsent } from '../../model/faults.ts';
import { ownerFromTags, type NodeOwner } from '../../model/identity.ts';
import { learntOwner, stolen } from '../../model/ownership.ts';
import { pages } from '../../model/pages.ts';
import type { Aws } from '../../model/ports.ts';
import type { Found, ResourceType } from '../../model/resource-type.ts';

/** Where logs go, and for how many days. */
export interface LogGroupProps {
  /** `/ecom/<namespace>/<name>/<what>` */
  readonly name: string;
  readonly retentionDays: number;
}

export interface LogGroupOutputs {
  readonly name: string;
  readonly arn: string;
}

export const logGroup: ResourceType<LogGroupProps, LogGroupOutputs> = {
  name: 'logs/group',
  fields: { name: 'fixed', retentionDays: 'live' },
  needs: [],
  replace: 'refuse',
  once: 'name',
  endedBy: 'DeleteLogGroup',
  key: ({ name }) => name,
  beat: 'existence',
  scope: 'regional',

  async *list(aws, scope) {
    const read = (nextToken?: string) => aws.logs('DescribeLogGroups', { logGroupNamePrefix: '/ecom/', nextToken });
    for await (const page of pages(read, (answer) => answer.nextToken))
      yield await Promise.all(
        (page.logGroups ?? []).map(async (found) =>
          told(found, await learntOwner(scope, idOf(found), () => ownerOf(aws, arnOf(found)))),
        ),
      );
  },

  async create(aws, props, birth) {
    await aws.logs('CreateLogGroup', { logGroupName: props.name, tags: { ...birth.tags } });
    // It answers nothing; a new group keeps its logs for ever.
    return {
      id: props.name,
      key: props.name,
      owner: birth.owner,
      state: { is: 'ready' },
      props: { name: props.name, retentionDays: undefined },
      outputs: { name: props.name },
    };
  },

  async update(aws, found, props) {
    if (!(await isOwn(aws, found))) throw stolen('foreign', `log group ${found.id}`);
    await aws.logs('PutRetentionPolicy', { logGroupName: found.outputs.name, retentionInDays: props.retentionDays });
  },

  async delete(aws, found) {
    if (!(await isOwn(aws, found))) throw stolen('refused', `log group ${found.id}`);
    await orAbsent(aws.logs('DeleteLogGroup', { logGroupName: found.outputs.name }));
  },
};

/** A name can be used again, and lists tell no tags: so whose it is now is asked before anything is written. */
async function isOwn(aws: Aws, { outputs, owner }: Found<LogGroupProps, LogGroupOutputs>): Promise<boolean> {
  if (outputs.arn === undefined) return true; // Made by us a moment ago, and not listed yet.
  const answer = await orAbsent(aws.logs('ListTagsForResource', { resourceArn: outputs.arn }));
  return answer === undefined || ownerFromTags(answer.tags ?? {})?.uid === owner?.uid;
}

/** Log groups have no id but their name. */
const idOf = ({ logGroupName = '' }: LogGroup): string => logGroupName;

/** The ARN as the tagging calls want it, without the `:*` that stands for its streams. */
const arnOf = ({ logGroupArn, arn = '' }: LogGroup): string => logGroupArn ?? arn.replace(/:\*$/, '');

async function ownerOf(aws: Aws, resourceArn: string): Promise<NodeOwner | undefined> {
  const answer = await orAbsent(aws.logs('ListTagsForResource', { resourceArn }));
  return ownerFromTags(answer?.tags ?? {});
}

function told(found: LogGroup, owner: NodeOwner | undefined): Found<LogGroupProps, LogGroupOutputs> {
  const { logGroupName: name = '' } = found;
  return {
    id: idOf(found),
    key: name,
    owner,
    state: { is: 'ready' },
    props: { name, retentionDays: found.retentionInDays },
    outputs: { name, arn: arnOf(found) },
    bornAt: found.creationTime,
  };
}
