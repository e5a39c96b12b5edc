import type { AnyResourceType, AnyType } from '../model/resource-type.ts';

/** Region of the global services' shelves, and where they are called. */
export const usEast1 = 'us-east-1';

/** Where a type is called for a store of this region. */
export const regionOf = (type: AnyType, region: string): string => (type.scope === 'global' ? usEast1 : region);

/** Whether what is of a type lies in the region of its store, and nowhere else. */
export const isRegional = ({ scope, alsoInUsEast1 }: AnyResourceType): boolean =>
  scope === 'regional' && !alsoInUsEast1;

/** The regions in which a store of this region may have resources of a type. */
export const placesOf = (type: AnyResourceType, region: string): string[] =>
  type.alsoInUsEast1 ? [...new Set([region, usEast1])] : [regionOf(type, region)];
