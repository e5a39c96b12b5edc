import { parseArgs } from 'node:util';
import { Board } from './board.ts';
import { Children, type Simulated } from './children.ts';
import { makeKindCluster, openCluster, Stage } from './cluster.ts';
import { Outsider } from './outsider.ts';
import {
  build,
  checkWire,
  closeBucket,
  healSecurityGroup,
  name,
  namespace,
  adopt,
  rebuildReplica,
  removeButKeep,
  removeWithData,
  replaceInstance,
  rollOut,
  type Scene,
} from './story.ts';

const help = `The whole story of a store, on simulated AWS, on this machine.

Usage: npm run demo -- [--speed S] [--seed K] [--cluster simulated|current|kind]

  --speed S        how many times as fast as real time AWS's clock runs (60)
  --seed K         the seed of the simulator's choices (1)
  --cluster WHICH  the Kubernetes API: simulated (default), that of your current context, or a new kind cluster

With a terminal it stays up when the story is told, for you to play; Ctrl-C ends it. Without one it also removes the
store, has another store adopt its data, removes that one with the data, and exits 0 when the ledger has nothing left but
logs that RDS exported, which are RDS's. The operator's log is in .cache/demo-operator.log.
`;

const { values } = parseArgs({
  options: {
    speed: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    cluster: { type: 'string', default: 'simulated' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const [speed, seed] = [Number(values.speed), Number(values.seed)];
if (
  !(speed >= 1 && speed <= 1000) ||
  !Number.isInteger(seed) ||
  !['simulated', 'current', 'kind'].includes(values.cluster)
) {
  process.stderr.write(
    `--speed takes 1 to 1000, --seed a whole number, --cluster simulated, current or kind\n\n${help}`,
  );
  process.exit(2);
}

const terminal = process.stdout.isTTY === true && process.stdin.isTTY === true;
const logFile = '.cache/demo-operator.log';
const children = new Children();
const board = new Board(terminal);

function operatorEnv({ aws }: Simulated, kubeconfig: string | undefined): Record<string, string> {
  return {
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    ECOM_TIME_SCALE: String(speed),
    ECOM_LEASE_NAMESPACE: 'default',
    ECOM_METRICS_PORT: '0',
  };
}

function kubeconfigOf(simulated: Simulated): string | undefined {
  if (values.cluster === 'simulated') return simulated.kubernetes.kubeconfig;
  return values.cluster === 'kind' ? makeKindCluster() : undefined;
}

const playLines = ({ aws }: Simulated, kubeconfig: string | undefined): string => `
The store stays up. In another terminal:

  ${kubeconfig === undefined ? '' : `export KUBECONFIG=${kubeconfig}\n  `}kubectl get stores -n ${namespace}
  kubectl describe store ${name} -n ${namespace}
  kubectl edit store ${name} -n ${namespace}

  export AWS_ENDPOINT_URL=${aws.endpoint} AWS_REGION=${aws.region} AWS_DEFAULT_REGION=${aws.region} AWS_ACCESS_KEY_ID=${aws.accessKeyId} AWS_SECRET_ACCESS_KEY=${aws.secretAccessKey}
  aws ec2 describe-vpcs
  aws elbv2 describe-load-balancers
  aws autoscaling describe-auto-scaling-groups

  curl ${aws.endpoint}/_simulator/ledger
  tail -f ${logFile}

Ctrl-C ends everything.
`;

async function play(): Promise<void> {
  const simulated = await children.simulator(speed, seed);
  const kubeconfig = kubeconfigOf(simulated);
  board.say(`simulated AWS at ${simulated.aws.endpoint}, its clock ${speed} times as fast as yours`);
  const { client } = openCluster(process.env, kubeconfig);
  const stage = new Stage(client);
  await stage.prepare(namespace);
  children.operator(operatorEnv(simulated, kubeconfig), logFile, (code) => {
    process.stderr.write(`the operator ended with ${code}; its log is in ${logFile}\n`);
    process.exit(1);
  });
  const scene: Scene = { stage, outsider: new Outsider(simulated.aws), board, patienceMillis: 60_000 };
  const store = await build(scene);
  await healSecurityGroup(scene, store);
  await replaceInstance(scene, store);
  await rebuildReplica(scene, store);
  await closeBucket(scene, store);
  await rollOut(scene);
  await checkWire(scene);
  if (terminal) {
    process.stdout.write(playLines(simulated, kubeconfig));
    await children.untilInterrupted();
  } else {
    await adopt(scene, await removeButKeep(scene, store));
    await removeWithData(scene);
    await checkWire(scene);
  }
  await client.close();
}

try {
  await play();
  await children.stop();
  process.exit(0);
} catch (error) {
  // Whoever stops the demo in mid-story need not hear that the story broke off.
  if (children.stopping) await children.untilInterrupted();
  process.stderr.write(`the demo failed: ${error instanceof Error ? error.message : String(error)}\nsee ${logFile}\n`);
  await children.stop();
  process.exit(1);
}
