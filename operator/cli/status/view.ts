import type { EcomStore, StoreCondition, StoreResource } from '../../store/spec.ts';

/** The conditions that speak of the store as a whole: kstatus's. */
const wholeStore = ['Ready', 'Reconciling', 'Stalled'];

/** One section of a store with its resources, which share the first part of their names. */
export interface SectionView {
  readonly name: string;
  /** Whether it is ready; missing before the first look. */
  readonly condition?: StoreCondition;
  readonly resources: readonly StoreResource[];
}

/** A store for people: what its status says, by section. */
export interface StoreView {
  /** Ready is true, and said of this generation. */
  readonly ready: boolean;
  /** Whether the status speaks of an earlier generation, or of none yet. */
  readonly outdated: boolean;
  readonly whole: readonly StoreCondition[];
  readonly sections: readonly SectionView[];
}

export function viewOf({ metadata, status }: EcomStore): StoreView {
  const { conditions = [], resources = [], observedGeneration } = status;
  const whole = conditions.filter(({ type }) => wholeStore.includes(type));
  const outdated = observedGeneration !== metadata.generation;
  const ready = !outdated && whole.some((one) => one.type === 'Ready' && one.status === 'True');
  const ofSections = conditions.filter(({ type }) => !wholeStore.includes(type));
  const names = [...ofSections.map(sectionOfCondition), ...resources.map(sectionOfResource)];
  const sections = [...new Set(names)].map((name) => ({
    name,
    condition: ofSections.find((one) => sectionOfCondition(one) === name),
    resources: resources.filter((one) => sectionOfResource(one) === name),
  }));
  return { ready, outdated, whole, sections };
}

const sectionOfResource = ({ node }: StoreResource): string => node.split('/')[0] ?? '';

/** `LoadBalancerReady` is that of the section `loadBalancer`. */
function sectionOfCondition({ type }: StoreCondition): string {
  const name = type.replace(/Ready$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** The same as plain data, for machines. */
export function viewAsData(store: EcomStore, now: number): Record<string, unknown> {
  const { metadata, spec, status } = store;
  const { ready, whole, sections } = viewOf(store);
  const withAge = (one: StoreResource) =>
    one.readAt === undefined ? one : { ...one, readSecondsAgo: Math.round((now - Date.parse(one.readAt)) / 1000) };
  return {
    store: `${metadata.namespace}/${metadata.name}`,
    uid: metadata.uid,
    region: spec.region,
    account: status.account,
    url: status.url,
    ready,
    generation: metadata.generation,
    observedGeneration: status.observedGeneration,
    deletionTimestamp: metadata.deletionTimestamp,
    conditions: whole,
    sections: sections.map(({ name, condition, resources }) => ({
      name,
      condition,
      resources: resources.map(withAge),
    })),
    endpoints: status.endpoints,
    zoneNameServers: status.zoneNameServers,
    lastDrift: status.lastDrift,
    retained: status.retained ?? [],
  };
}
