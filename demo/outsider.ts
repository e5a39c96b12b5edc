import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DeleteDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Simulated } from './children.ts';

interface Ledger {
  readonly existing: readonly { readonly type: string; readonly id: string }[];
  readonly calls: { readonly total: number; readonly writes: number };
}

interface Wire {
  readonly requests: number;
  readonly operations: Readonly<Record<string, number>>;
  readonly misfits: readonly object[];
}

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** Somebody in the AWS console, who does not know of the operator; and the ledger, which nobody can talk to. */
export class Outsider {
  readonly #ec2: EC2Client;
  readonly #autoscaling: AutoScalingClient;
  readonly #rds: RDSClient;
  readonly #s3: S3Client;
  readonly #endpoint: string;

  constructor({ endpoint, region, accessKeyId, secretAccessKey }: Simulated['aws']) {
    const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    [this.#ec2, this.#autoscaling] = [new EC2Client(config), new AutoScalingClient(config)];
    this.#rds = new RDSClient(config);
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
    this.#endpoint = endpoint;
  }

  async openSsh(groupId: string): Promise<void> {
    await this.#ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [ssh] }));
  }

  /** Whether the world can reach port 22 of a group. */
  async sshIsOpen(groupId: string): Promise<boolean> {
    const { SecurityGroups = [] } = await this.#ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
    return SecurityGroups.some(({ IpPermissions = [] }) => IpPermissions.some(({ FromPort }) => FromPort === 22));
  }

  /** The instances of a group that serve. */
  async inService(groupName: string): Promise<string[]> {
    const input = { AutoScalingGroupNames: [groupName] };
    const { AutoScalingGroups: [group] = [] } = await this.#autoscaling.send(
      new DescribeAutoScalingGroupsCommand(input),
    );
    return (group?.Instances ?? []).flatMap(({ InstanceId = '', LifecycleState, HealthStatus }) =>
      LifecycleState === 'InService' && HealthStatus === 'Healthy' ? [InstanceId] : [],
    );
  }

  async terminate(instanceId: string): Promise<void> {
    await this.#ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  }

  /** The name of a database instance, by the resource id that status tells; undefined when it is gone. */
  async #databaseName(resourceId: string): Promise<string | undefined> {
    const { DBInstances = [] } = await this.#rds.send(new DescribeDBInstancesCommand({}));
    return DBInstances.find(({ DbiResourceId }) => DbiResourceId === resourceId)?.DBInstanceIdentifier;
  }

  async databaseStands(resourceId: string): Promise<boolean> {
    return (await this.#databaseName(resourceId)) !== undefined;
  }

  async deleteDatabase(resourceId: string): Promise<void> {
    const DBInstanceIdentifier = await this.#databaseName(resourceId);
    await this.#rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  }

  async upload(bucket: string, key: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'a picture' }));
  }

  async unblock(bucket: string): Promise<void> {
    await this.#s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucket }));
  }

  /** Whether nothing in a bucket can be made public. */
  async isBlocked(bucket: string): Promise<boolean> {
    try {
      const { PublicAccessBlockConfiguration: block } = await this.#s3.send(
        new GetPublicAccessBlockCommand({ Bucket: bucket }),
      );
      return block?.RestrictPublicBuckets === true && block.BlockPublicPolicy === true;
    } catch (error) {
      if ((error as Error).name === 'NoSuchPublicAccessBlockConfiguration') return false;
      throw error;
    }
  }

  async ledger(): Promise<Ledger> {
    return (await (await fetch(`${this.#endpoint}/_simulator/ledger`)).json()) as Ledger;
  }

  /** What the simulator found in every request and reply so far that AWS's service models do not have. */
  async wire(): Promise<Wire> {
    return (await (await fetch(`${this.#endpoint}/_simulator/wire`)).json()) as Wire;
  }

  async resolve(host: string): Promise<string[]> {
    const reply = await fetch(`${this.#endpoint}/_simulator/resolve?name=${encodeURIComponent(host)}`);
    return ((await reply.json()) as { answers: string[] }).answers;
  }
}
