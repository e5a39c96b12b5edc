/** How many entries the lists of a status hold. */
export interface Bounds {
  readonly resources: number;
  readonly retained: number;
}

/** What the CRD of this version takes: a store at all bounds of its spec is made of some 520 resources. */
export const bounds: Bounds = { resources: 2000, retained: 1000 };

/** What every CRD of an earlier version takes. */
export const earlierBounds: Bounds = { resources: 500, retained: 100 };
