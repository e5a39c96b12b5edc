import type { EcomStore, StoreCondition, StoreResource } from '../../store/spec.ts';
import { age } from './age.ts';

/** Of a store that is Ready the operator writes at least every half hour when AWS was read. */
const silenceMillis = 60 * 60_000;

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
  /** Ready is true, said of this generation, and somebody goes on telling so. */
  readonly ready: boolean;
  /** Of a store that is said to be ready: that nobody has told anything for long. */
  readonly silence: string | undefined;
  /** Whether the status speaks of an earlier generation, or of none yet. */
  readonly outdated: boolean;
  readonly whole: readonly StoreCondition[];
  readonly sections: readonly SectionView[];
}

export function viewOf({ metadata, spec, status }: EcomStore, now: number): StoreView {
  const { conditions = [], resources = [], observedGeneration } = status;
  const whole = conditions.filter(({ type }) => wholeStore.includes(type));
  const outdated = observedGeneration !== metadata.generation;
  const isSaid = !outdated && whole.some((one) => one.type === 'Ready' && one.status === 'True');
  const silence = isSaid && spec.policy.mode !== 'Paused' ? silenceOf(resources, now) : undefined;
  const ofSections = conditions.filter(({ type }) => !wholeStore.includes(type));
  const names = [...ofSections.map(sectionOfCondition), ...resources.map(sectionOfResource)];
  const sections = [...new Set(names)].map((name) => ({
    name,
    condition: ofSections.find((one) => sectionOfCondition(one) === name),
    resources: resources.filter((one) => sectionOfResource(one) === name),
  }));
  return { ready: isSaid && silence === undefined, silence, outdated, whole, sections };
}

/** A store without readings was never read, or has nothing: that says nothing of the operator. */
function silenceOf(resources: readonly StoreResource[], now: number): string | undefined {
  const read = resources.flatMap(({ readAt }) => (readAt === undefined ? [] : [Date.parse(readAt)]));
  const silent = now - Math.max(...read);
  return read.length > 0 && silent > silenceMillis ? `no operator has told anything for ${age(silent)}` : undefined;
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
  const { ready, silence, whole, sections } = viewOf(store, now);
  const withAge = (one: StoreResource) =>
    one.readAt === undefined ? one : { ...one, readSecondsAgo: Math.round((now - Date.parse(one.readAt)) / 1000) };
  return {
    store: `${metadata.namespace}/${metadata.name}`,
    uid: metadata.uid,
    region: spec.region,
    account: status.account,
    url: status.url,
    ready,
    silence,
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
