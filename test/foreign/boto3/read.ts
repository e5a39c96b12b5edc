/** One call of boto3, and what has to stand in its answer. */
export interface Read {
  readonly service: string;
  /** By boto3's name. */
  readonly operation: string;
  /** Where it lives, if that is not the store's own region. */
  readonly region: string | undefined;
  readonly parameters: object;
  /** JMESPath, over every page. */
  readonly query: string;
  /** One of what the query finds. */
  readonly expected: unknown;
}

/** A resource as the last pass told it. */
export interface Its {
  readonly id: string;
  readonly out: (name: string) => string;
  /** An output of another node. */
  readonly of: (node: string, name: string) => string;
}

type Asked = readonly [operation: string, parameters: object, query: string, expected: unknown];

/** ARNs name the region. */
const regionOf = (id: string): string | undefined => /^arn:aws:[^:]+:([a-z0-9-]+):/.exec(id)?.[1];

/** The calls to one service. */
export const to =
  (service: string, calls: (its: Its) => readonly Asked[]) =>
  (its: Its): readonly Read[] =>
    calls(its).map(([operation, parameters, query, expected]) => ({
      ...{ service, operation, parameters, query, expected, region: regionOf(its.id) ?? regionOf(its.out('arn')) },
    }));
