/** A resource policy, as JSON, by which somebody else may read a secret: another account, or everybody (`*`). */
export const letsRead = (AWS: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
  });
