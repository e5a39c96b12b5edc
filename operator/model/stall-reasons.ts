/** All that the condition `Stalled` may give as its reason: a metric counts by it, and docs/operating.md explains each. */
export const stallReasons = [
  'AccessDenied',
  'BuiltElsewhere',
  'Busy',
  'CannotLook',
  'CannotRead',
  'CannotTakeOver',
  'ConfirmationNeeded',
  'DeletionFailed',
  'Failed',
  'Foreign',
  'InvalidSpec',
  'NoCapacity',
  'NotFound',
  'NotKept',
  'OlderThanCrd',
  'Overdue',
  'QuotaExceeded',
  'Refused',
  'Rejected',
  'StillInUse',
  'Throttled',
  'UnknownError',
  'Unreachable',
] as const;

export type StallReason = (typeof stallReasons)[number];

/** What a reason has to be where this may be the standing: of a stall one of the closed list. */
export type ReasonOf<S> = 'stalled' extends S ? StallReason : string;
