import { invalidOptions, type ResourceCall } from './call.ts';
import type { JsonObject } from './json.ts';
import { groupVersion } from './kind.ts';
import { selection } from './list.ts';
import type { KubeObject } from './object.ts';
import { expired, Refusal } from './refusal.ts';
import type { Selects } from './selectors.ts';
import type { Change } from './storage.ts';
import { asTold } from './stored.ts';
import { onlyMetadata, tableOf, type Form } from './table.ts';
import type { World } from './world.ts';

/** Who reads a watch: lines as they come, then one end. */
export interface WatchReader {
  line(text: string): void;
  /** The server is done. */
  end(): void;
  /** The connection broke. */
  broken(): void;
}

/** Does something later; answers how to call it off. */
export type After = (millis: number, action: () => void) => () => void;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** One watch: what it has to tell waits until somebody reads it. */
export class Watch {
  readonly #world: World;
  readonly #call: ResourceCall;
  readonly #form: Form;
  readonly #selects: Selects;
  readonly #unsaid: ((reader: WatchReader) => void)[] = [];
  #reader: WatchReader | undefined;
  #isOver = false;
  #stops: (() => void)[] = [];
  /** Up to which revision everything has been told. */
  #told: number;

  constructor(world: World, call: ResourceCall, form: Form, after: After) {
    this.#world = world;
    this.#call = call;
    this.#form = form;
    this.#selects = selection(call);
    this.#told = this.#start();
    if (this.#isOver) return;
    for (const change of world.storage.changesAfter(this.#told)) this.#hear(change);
    this.#stops.push(world.storage.listen((change) => this.#hear(change)));
    const seconds = Number(call.query.get('timeoutSeconds') ?? 0);
    this.#stops.push(after((seconds > 0 ? seconds : 1800) * 1000, () => this.finish()));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch */
  #start(): number {
    const { query, kind } = this.#call;
    const { storage } = this.#world;
    const version = query.get('resourceVersion') ?? '';
    checkOptions(query);
    if (version === '' || version === '0') {
      for (const object of storage.at(kind.collection).values()) if (this.#selects(object)) this.#tell('ADDED', object);
      return storage.revision;
    }
    const asked = Number(version);
    if (asked >= storage.compacted) return asked;
    // Once its version could be read, a watch is refused within the stream, as the API server's cache does.
    this.fail(expired(`too old resource version: ${asked} (${storage.compacted})`));
    return asked;
  }

  whenOver(action: () => void): void {
    if (this.#isOver) action();
    else this.#stops.push(action);
  }

  read(reader: WatchReader): void {
    this.#reader = reader;
    for (const say of this.#unsaid.splice(0)) say(reader);
  }

  /** The server has had enough: a last bookmark for those who want it, and the end. */
  finish(): void {
    if (this.#isOver) return;
    this.bookmark();
    this.#stop((reader) => reader.end());
  }

  fail(refusal: Refusal): void {
    if (this.#isOver) return;
    this.#line('ERROR', refusal.status());
    this.#stop((reader) => reader.end());
  }

  break(): void {
    this.#stop((reader) => reader.broken());
  }

  /** The reader has gone. */
  close(): void {
    this.#stop(() => undefined);
  }

  bookmark(): void {
    if (this.#isOver || this.#call.query.get('allowWatchBookmarks') !== 'true') return;
    const { kind } = this.#call;
    const metadata = {
      resourceVersion: String(Math.max(this.#told, this.#world.storage.revision)),
      creationTimestamp: null,
    };
    this.#line('BOOKMARK', { apiVersion: groupVersion(kind), kind: kind.kind, metadata });
  }

  #stop(say: (reader: WatchReader) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#say(say);
  }

  /** What enters the selection is added, what leaves it is deleted: the API server tells it so. */
  #hear({ collection, before, after, revision }: Change): void {
    if (collection !== this.#call.kind.collection || revision <= this.#told) return;
    this.#told = revision;
    const was = before !== undefined && this.#selects(before);
    const is = after !== undefined && this.#selects(after);
    if (is) this.#tell(was ? 'MODIFIED' : 'ADDED', after);
    else if (was)
      this.#tell('DELETED', { ...before, metadata: { ...before.metadata, resourceVersion: String(revision) } });
  }

  #tell(type: EventType, stored: KubeObject): void {
    const object = asTold(this.#call.kind, stored);
    const { resourceVersion } = object.metadata;
    if (this.#form === 'table')
      this.#line(type, tableOf(this.#call, [object], { resourceVersion }, this.#world.clock.now()));
    else this.#line(type, this.#form === 'metadata' ? onlyMetadata(object) : object);
  }

  #line(type: EventType, object: JsonObject): void {
    const text = `${JSON.stringify({ type, object })}\n`;
    this.#say((reader) => reader.line(text));
  }

  #say(say: (reader: WatchReader) => void): void {
    if (this.#reader) say(this.#reader);
    else this.#unsaid.push(say);
  }
}

function checkOptions(query: URLSearchParams): void {
  if (query.has('sendInitialEvents'))
    throw invalidOptions('ListOptions', {
      reason: 'FieldValueForbidden',
      message: 'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      field: 'sendInitialEvents',
    });
  const version = query.get('resourceVersion') ?? '';
  if (/^\d*$/.test(version)) return;
  const why = `strconv.ParseUint: parsing "${version}": invalid syntax`;
  throw new Refusal({ code: 500, reason: '', message: `resourceVersion: Invalid value: "${version}": ${why}` });
}
