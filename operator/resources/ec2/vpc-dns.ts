import type { Aws } from '../../model/ports.ts';

/** The DNS settings of a VPC: AWS tells one attribute a call. */
export async function dnsOf(aws: Aws, VpcId: string) {
  const [support, hostnames] = await Promise.all([
    aws.ec2('DescribeVpcAttribute', { VpcId, Attribute: 'enableDnsSupport' }),
    aws.ec2('DescribeVpcAttribute', { VpcId, Attribute: 'enableDnsHostnames' }),
  ]);
  return { dnsSupport: support.EnableDnsSupport?.Value, dnsHostnames: hostnames.EnableDnsHostnames?.Value };
}
