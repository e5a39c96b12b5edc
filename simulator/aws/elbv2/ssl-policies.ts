import type { Operations } from '../core/request.ts';
import { AwsError } from '../core/aws-error.ts';

const tls13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const tls12 = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
];
const older = ['ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES256-SHA', 'AES128-SHA', 'AES256-SHA'];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html: by name, the protocols. */
export const sslPolicies: Readonly<Record<string, readonly string[]>> = {
  'ELBSecurityPolicy-2016-08': ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
  'ELBSecurityPolicy-TLS-1-2-2017-01': ['TLSv1.2'],
  'ELBSecurityPolicy-TLS-1-2-Ext-2018-06': ['TLSv1.2'],
  'ELBSecurityPolicy-FS-1-2-Res-2020-10': ['TLSv1.2'],
  'ELBSecurityPolicy-TLS13-1-0-2021-06': ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-1-2021-06': ['TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-2-2021-06': ['TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-2-Res-2021-06': ['TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06': ['TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06': ['TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-3-2021-06': ['TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04': ['TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04': ['TLSv1.2', 'TLSv1.3'],
  'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04': ['TLSv1.3'],
};

const noPolicy = (name: string): AwsError => new AwsError('SSLPolicyNotFound', `SSL policy '${name}' not found`);

export function checkPolicy(name: string): string {
  if (!sslPolicies[name]) throw noPolicy(name);
  return name;
}

const ciphers = (protocols: readonly string[]): string[] => [
  ...(protocols.includes('TLSv1.3') ? tls13 : []),
  ...(protocols.includes('TLSv1.2') ? tls12 : []),
  ...(protocols.includes('TLSv1') ? older : []),
];

export const sslPolicyOperations: Operations = {
  DescribeSSLPolicies: ({ Names }: { Names?: string[] }) => ({
    SslPolicies: (Names ?? Object.keys(sslPolicies)).map((Name) => {
      const SslProtocols = [...(sslPolicies[checkPolicy(Name)] ?? [])];
      return {
        Name,
        SslProtocols,
        Ciphers: ciphers(SslProtocols).map((cipher, i) => ({ Name: cipher, Priority: i + 1 })),
        SupportedLoadBalancerTypes: ['application', 'network'],
      };
    }),
  }),
};
