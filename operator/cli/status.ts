import { Command, Option } from 'commander';
import type { EcomStore } from '../store/spec.ts';
import { UserError, type Io, type StoreReader } from './io.ts';
import { treeOf } from './status/tree.ts';
import { viewAsData, viewOf } from './status/view.ts';
import { watchStore } from './status/watch.ts';

interface Options {
  readonly output: 'table' | 'json';
  readonly namespace?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly watch?: true;
}

const help = `
Reads the store from Kubernetes, never from AWS: the tree is what the operator last wrote. Of a settled
store it writes the times of reading every ten minutes only. The cluster is found by --kubeconfig,
KUBECONFIG, the pod's service account, ~/.kube/config, in this order.

With --watch the tree is drawn again whenever it changes, until Ctrl-C or until the store is gone; on a
terminal what is ready is folded away when there is no room for it. JSON is then one line a change.

Exit codes: 0 the store is ready at its present generation, 2 it is not, or no operator has told
anything for an hour, 1 an error; 0 at the end of a watch.

Examples:
  ecomstore status acme -n shops
  ecomstore status acme --watch
  ecomstore status acme --output json | jq '.sections[].resources[] | select(.standing != "ready")'`;

/** `ecomstore status NAME`: a store as the operator tells it, as a tree. */
export const statusCommand = (io: Io): Command =>
  new Command('status')
    .summary('show how a store in the cluster stands')
    .description('Show how a store in the cluster stands: its conditions, and every resource by section.')
    .argument('<name>', 'the name of the store')
    .option('-n, --namespace <name>', 'namespace of the store; unless given, that of the context')
    .option('-w, --watch', 'draw it again whenever it changes')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--kubeconfig <file>', 'the kubeconfig to use')
    .option('--context <name>', 'the context to use')
    .addHelpText('after', help)
    .action(async (name: string, { output, namespace, kubeconfig, context, watch }: Options) => {
      const cluster = await io.cluster({ kubeconfig, context });
      try {
        const store = await found(cluster, { namespace: namespace ?? cluster.namespace ?? 'default', name });
        if (watch) {
          await watchStore(io, cluster, store, output);
          return io.exit(0);
        }
        const now = io.timers.now();
        if (output === 'json') io.out(JSON.stringify(viewAsData(store, now), null, 2));
        else for (const line of treeOf(store, now)) io.out(line);
        io.exit(viewOf(store, now).ready ? 0 : 2);
      } finally {
        await cluster.close();
      }
    });

async function found(
  cluster: StoreReader,
  named: { readonly namespace: string; readonly name: string },
): Promise<EcomStore> {
  const store = await cluster.read(named);
  if (store) return store;
  throw new UserError(
    `there is no EcomStore ${named.namespace}/${named.name}\n    kubectl get ecomstores --all-namespaces lists those that there are; -n names another namespace`,
  );
}
