import { modelOf, type ServiceId } from './service-model.ts';

/**
 * The codes that SQS had in the query protocol, by the names that its errors have now; all others are called alike.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html
 */
const ofSqs: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  QueueNameExists: 'QueueAlreadyExists',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

/**
 * An error's name in JSON and CBOR, and its code in the query protocol: some have one name, some two. Several errors may
 * share a code; meant is the one that the operation has.
 */
export function queryCodeOf(
  service: ServiceId,
  operation: string | undefined,
  code: string,
): { readonly name: string; readonly queryCode: string } {
  if (service === 'sqs') {
    const [name = code] = Object.entries(ofSqs).find(([now, then]) => now === code || then === code) ?? [];
    return { name, queryCode: ofSqs[name] ?? code };
  }
  const { shapes, metadata, operations } = modelOf(service);
  if (!metadata.awsQueryCompatible) return { name: code, queryCode: code };
  const errors = operations[operation ?? '']?.errors ?? [];
  return { name: errors.find((name) => shapes[name]?.error?.code === code) ?? code, queryCode: code };
}
