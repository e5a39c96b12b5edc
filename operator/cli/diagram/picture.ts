import type { Category } from './looks.ts';

/** What is to be drawn, before anybody decides how: the formats differ, their content does not. */
export interface Picture {
  /** `shops/acme` */
  readonly store: string;
  readonly region: string;
  readonly url: string;
  readonly vpc: { readonly label: string; readonly given: boolean };
  /** The headings of the columns; none where only AWS can tell which zone a subnet is in. */
  readonly zones: readonly string[];
  readonly tiers: readonly Tier[];
  readonly boxes: readonly Box[];
  readonly actors: readonly Actor[];
  readonly flows: readonly Flow[];
}

/** One row of subnets: public, app, data. */
export interface Tier {
  readonly name: string;
  readonly subnets: readonly Subnet[];
}

export interface Subnet {
  readonly id: string;
  /** Its CIDR, or the id it was given by. */
  readonly text: string;
  readonly column: number;
}

/** One or more resources of a type. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly category: Category;
  readonly facts: readonly string[];
  /** Somebody else's: used and never changed. */
  readonly given: boolean;
  readonly spot: Spot;
}

export type Spot =
  | { readonly at: 'edge' | 'account' | 'border' | 'vpc' | 'region' }
  | { readonly at: 'tier'; readonly tier: string; readonly columns: readonly number[] };

/** Somebody outside AWS. */
export interface Actor {
  readonly id: string;
  readonly title: string;
}

/** Who may reach whom. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** `443, 80`, or `any port`. */
  readonly ports: string;
  /** `in`: towards the data, as security groups chain it; `out`: a way out of the VPC. */
  readonly way: 'in' | 'out';
  /** The boxes it goes through. */
  readonly through: readonly string[];
  /** Why it is not sure, where only AWS can tell. */
  readonly provided?: string;
}

/** A flow in words. */
export function flowText({ boxes, actors }: Picture, { from, to, ports, through, provided }: Flow): string {
  const names = new Map([...boxes, ...actors].map(({ id, title }) => [id, title]));
  const by = [...new Set(through.map((id) => names.get(id) ?? id))].join(', ');
  return `${names.get(from) ?? from} → ${names.get(to) ?? to}: ${ports}${by && `, through ${by}`}${provided ? `, ${provided}` : ''}`;
}
