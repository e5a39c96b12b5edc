/** Somebody else calls AWS in the store's region. */
export type Stranger = (service: string, operation: string, input: object) => Promise<object>;

/** Changes the health path of the first target group and the value of the first parameter of a store. */
export async function makeTwoDrifts(other: Stranger): Promise<void> {
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
}
