import { commands } from '../../../operator/aws/commands.ts';
import type { Clients } from './clients.ts';
import type { Moto } from './server.ts';

const labelsOf: Readonly<Record<string, object>> = {
  route53: { Id: 'Z0', HostedZoneId: 'Z0', ResourceId: 'Z0' },
  lambda: { FunctionName: 'f', StatementId: 's', Resource: 'arn:aws:lambda:eu-central-1:111122223333:function:f' },
};

/**
 * Which of the operations that the operator calls moto does not know, by its own log: it answers them with the same
 * page (HTTP 500, "Internal Server Error") as a failure of its own. They are sent without parameters: whatever moto
 * does know refuses that, or makes something empty, so this comes last.
 */
export async function lackingOperations(aws: Clients, moto: Moto): Promise<string[]> {
  const names = new Map<string, string>();
  for (const [service, ofService] of Object.entries(commands)) {
    if (Object.keys(ofService).length === 0) continue;
    const client = aws[service as keyof Clients] as unknown as { send(command: object): Promise<unknown> };
    for (const [operation, Command] of Object.entries(ofService as Record<string, new (input: object) => object>)) {
      // REST operations need something for the labels of their paths.
      const labels = labelsOf[service] ?? {};
      // Several services have operations of one name: the one that failed is meant.
      await client.send(new Command(labels)).catch((error: { $metadata?: { httpStatusCode?: number } }) => {
        const action = operation.toLowerCase();
        if (error.$metadata?.httpStatusCode === 500 && !names.has(action)) names.set(action, `${service}:${operation}`);
      });
    }
  }
  const told = [...moto.log().matchAll(/NotImplementedError: The (\w+) action has not been implemented/g)];
  const lacking = told.map(([, action = '']) => names.get(action.replaceAll('_', '')) ?? action);
  return [...new Set(lacking)].sort();
}
