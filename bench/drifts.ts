/** Somebody else calls AWS in the stores' region. */
export type Stranger = (service: string, operation: string, input: object) => Promise<object>;

/** Two changes that somebody makes to the first store there is. */
export interface Drifts {
  /** Answers what it has changed, by what calls name it by. */
  readonly make: (other: Stranger) => Promise<readonly (string | undefined)[]>;
  /** What reads back what they change, one by one or in a list: `service:Operation`. */
  readonly readBy: readonly string[];
}

/** The health path of a target group, and the value of a parameter. */
export const misled: Drifts = {
  make: async (other) => {
    const { TargetGroups } = (await other('elbv2', 'DescribeTargetGroups', {})) as {
      TargetGroups: { TargetGroupArn: string }[];
    };
    const TargetGroupArn = TargetGroups[0]?.TargetGroupArn;
    await other('elbv2', 'ModifyTargetGroup', { TargetGroupArn, HealthCheckPath: '/elsewhere' });
    const { Parameters } = (await other('ssm', 'GetParametersByPath', {
      Path: '/ecom',
      Recursive: true,
    })) as { Parameters: { Name: string; Value: string }[] };
    const one = Parameters.find(({ Name }) => Name.endsWith('/host'));
    const Value = 'elsewhere.example.com';
    await other('ssm', 'PutParameter', { Name: one?.Name, Value, Type: 'String', Overwrite: true });
    return [TargetGroupArn, one?.Name];
  },
  readBy: ['elbv2:DescribeTargetGroups', 'ssm:GetParameters', 'ssm:ListTagsForResource'],
};

/** What could expose a store's data: the public access block of its bucket is lifted, its database made public. */
export const exposed: Drifts = {
  make: async (other) => {
    const { Buckets } = (await other('s3', 'ListBuckets', {})) as { Buckets: { Name: string }[] };
    // The others are the account's own, with what examples refer to.
    const Bucket = Buckets.find(({ Name }) => !Name.startsWith('example-'))?.Name;
    const PublicAccessBlockConfiguration = {
      ...{ BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false },
    };
    await other('s3', 'PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration });
    const { DBInstances } = (await other('rds', 'DescribeDBInstances', {})) as {
      DBInstances: { DBInstanceIdentifier: string; ReadReplicaSourceDBInstanceIdentifier?: string }[];
    };
    const primary = DBInstances.find((one) => one.ReadReplicaSourceDBInstanceIdentifier === undefined);
    const { DBInstanceIdentifier } = primary ?? {};
    await other('rds', 'ModifyDBInstance', { DBInstanceIdentifier, PubliclyAccessible: true, ApplyImmediately: true });
    return [Bucket, DBInstanceIdentifier];
  },
  readBy: ['s3:GetPublicAccessBlock', 'rds:DescribeDBInstances'],
};
