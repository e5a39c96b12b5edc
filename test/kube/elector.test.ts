import { beforeEach, describe, expect, test } from 'vitest';
import { Elector, WorkDidNotEnd } from '../../operator/kube/elector.ts';
import { KubeError } from '../../operator/kube/errors.ts';
import { microTime, type Lease, type LeaseSpec } from '../../operator/kube/lease-record.ts';
import type { Term } from '../../operator/kube/term.ts';
import { logBook } from '../support/log-book.ts';
import { turn, VirtualTimers } from '../support/virtual-timers.ts';

/** The Lease in etcd, and the network to it. */
class LeaseInMemory {
  lease: Lease | undefined;
  #version = 0;
  down = false;
  /** Why nothing of it may be read or written. */
  denied: string | undefined;
  hangs = false;
  /** The next write takes effect, but its answer is lost. */
  losesReply = false;
  writes: string[] = [];

  async read(signal: AbortSignal): Promise<Lease | undefined> {
    await this.#reach(signal);
    return this.lease;
  }

  async write(read: Lease | undefined, spec: LeaseSpec, signal: AbortSignal): Promise<Lease> {
    await this.#reach(signal);
    if (read?.metadata.resourceVersion !== this.lease?.metadata.resourceVersion)
      throw new KubeError('conflict', 'somebody was quicker', {});
    this.lease = { metadata: { resourceVersion: String(++this.#version) }, spec: { ...read?.spec, ...spec } };
    this.writes.push(`${spec.holderIdentity}`);
    if (this.losesReply) {
      this.losesReply = false;
      throw new KubeError('unavailable', 'connection reset', {});
    }
    return this.lease;
  }

  async #reach(signal: AbortSignal): Promise<void> {
    if (this.denied) throw new KubeError('denied', this.denied, {});
    if (this.down) throw new KubeError('unavailable', 'connection refused', {});
    if (this.hangs)
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new KubeError('unavailable', 'aborted', {}))),
      );
    await Promise.resolve();
  }
}

class Replica {
  readonly timers = new VirtualTimers();
  readonly stop = new AbortController();
  readonly elector: Elector;
  readonly running: Promise<void>;
  terms: Term[] = [];
  ended = 0;
  /** The work goes on for ever, whatever it is told. */
  stubborn = false;
  failed: unknown;
  readonly log = logBook();

  constructor(record: LeaseInMemory, identity: string) {
    this.elector = new Elector({
      record,
      identity,
      leaseMillis: 15_000,
      renewDeadlineMillis: 10_000,
      retryMillis: 2_000,
      drainMillis: 20_000,
      endMillis: 5_000,
      timers: this.timers,
      random: () => 0.5,
      log: this.log,
      lead: (term) => this.#work(term),
    });
    this.running = this.elector.run(this.stop.signal).catch((error: unknown) => void (this.failed = error));
  }

  #work(term: Term): Promise<void> {
    this.terms.push(term);
    let over = false;
    return new Promise((resolve) => {
      const end = (): void => {
        if (this.stubborn || over) return;
        over = true;
        this.ended++;
        resolve();
      };
      term.signal.addEventListener('abort', end);
      this.stop.signal.addEventListener('abort', end);
    });
  }
}

/** Time passes for both replicas alike, a tenth of a second at a time. */
async function pass(millis: number, ...replicas: Replica[]): Promise<void> {
  for (let gone = 0; gone < millis; gone += 100) for (const { timers } of replicas) await timers.advance(100);
}

let record: LeaseInMemory;
beforeEach(() => void (record = new LeaseInMemory()));

async function twoReplicas(): Promise<[Replica, Replica]> {
  const a = new Replica(record, 'a');
  await turn();
  const b = new Replica(record, 'b');
  await pass(3_000, a, b);
  return [a, b];
}

describe('two replicas', () => {
  test('have one leader, who renews', async () => {
    const [a, b] = await twoReplicas();
    await pass(60_000, a, b);
    expect([a.elector.leads, b.elector.leads]).toEqual([true, false]);
    expect(new Set(record.writes)).toEqual(new Set(['a']));
    expect(record.writes.length).toBeGreaterThan(25);
    expect(b.elector.holder).toBe('a');
    expect(record.lease?.spec).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 1 });
  });

  test('that start in one instant agree on one of them', async () => {
    const [a, b] = [new Replica(record, 'a'), new Replica(record, 'b')];
    await pass(5_000, a, b);
    expect([a, b].filter(({ elector }) => elector.leads)).toHaveLength(1);
  });

  test('change over at once when the leader stops gracefully', async () => {
    const [a, b] = await twoReplicas();
    a.stop.abort();
    await a.running;
    expect(a.ended).toBe(1);
    expect(record.lease?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await pass(2_500, b);
    expect(b.elector.leads).toBe(true);
    expect(record.lease?.spec?.leaseTransitions).toBe(2);
  });

  test('change over after the lease has run out when the leader is killed', async () => {
    const [, b] = await twoReplicas();
    await pass(12_500, b);
    expect(b.elector.leads).toBe(false);
    await pass(5_500, b);
    expect(b.elector.leads).toBe(true);
  });

  test('do not trust the clock of the other: a lease whose time lies in the past stays while it changes', async () => {
    const [a, b] = await twoReplicas();
    a.timers.wall -= 365 * 24 * 3_600_000;
    // Setting the clock back neither ends the term nor frees the lease.
    await pass(60_000, a, b);
    expect([a.elector.leads, b.elector.leads]).toEqual([true, false]);
  });
});

describe('a leader that cannot renew', () => {
  test('stops its work at the deadline, before anybody else can lead', async () => {
    const [a, b] = await twoReplicas();
    record.down = true;
    await pass(7_900, a, b);
    expect(a.elector.leads).toBe(true);
    await pass(2_200, a, b);
    expect(a.elector.leads).toBe(false);
    expect(a.ended).toBe(1);
    expect(String(a.terms[0]?.signal.reason)).toMatch(/could not be renewed in time/);
    expect(b.elector.leads).toBe(false);
  });

  test('leads again after hours, when the API server is back', async () => {
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    record.down = true;
    await pass(30_000, a);
    for (let hour = 0; hour < 3; hour++) await a.timers.advance(3_600_000);
    expect(a.elector.leads).toBe(false);
    record.down = false;
    await pass(4_000, a);
    expect(a.elector.leads).toBe(true);
    expect(a.terms).toHaveLength(2);
    expect(a.terms[0]?.holds).toBe(false);
  });

  test('is not undone by one hanging call', async () => {
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    record.hangs = true;
    await pass(3_000, a);
    record.hangs = false;
    await pass(10_000, a);
    expect(a.elector.leads).toBe(true);
    expect(a.terms).toHaveLength(1);
  });

  test('is not undone by a lost reply', async () => {
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    record.losesReply = true;
    await pass(20_000, a);
    expect(a.terms).toHaveLength(1);
    expect(a.elector.leads).toBe(true);
  });

  test('whose work does not end must not go on', async () => {
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    a.stubborn = true;
    record.down = true;
    await pass(17_000, a);
    await a.running;
    expect(a.failed).toBeInstanceOf(WorkDidNotEnd);
  });

  test('steps down when another has taken the lease', async () => {
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    record.lease = { metadata: { resourceVersion: 'other' }, spec: { holderIdentity: 'z', leaseDurationSeconds: 15 } };
    await pass(4_200, a);
    expect(a.ended).toBe(1);
    expect(a.elector.leads).toBe(false);
    expect(a.elector.holder).toBe('z');
  });
});

describe('a process that stood still', () => {
  test('knows that it no longer leads before any of its timers fires', async () => {
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    const term = a.terms[0] as Term;
    expect(term.holds).toBe(true);
    a.timers.freeze(11_000);
    expect(term.signal.aborted).toBe(false);
    expect(term.holds).toBe(false);
  });

  test('knows it also when its monotonic clock stood still with the machine', async () => {
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    a.timers.wall += 11_000;
    expect(a.terms[0]?.holds).toBe(false);
  });
});

describe('stopping', () => {
  test('keeps the lease renewed while the work finishes, and hands it back after that', async () => {
    const [a, b] = await twoReplicas();
    a.stubborn = true;
    a.stop.abort();
    await pass(18_000, a, b);
    expect(a.elector.leads).toBe(true);
    expect(b.elector.leads).toBe(false);
    a.stubborn = false;
    await pass(3_000, a, b);
    await a.running;
    expect(a.ended).toBe(1);
    await pass(4_000, b);
    expect(b.elector.leads).toBe(true);
  });

  test('of one who waits to lead is immediate and leaves the lease alone', async () => {
    const [a, b] = await twoReplicas();
    b.stop.abort();
    await b.running;
    expect(record.lease?.spec?.holderIdentity).toBe('a');
    expect(a.elector.leads).toBe(true);
  });
});

test('the times of a lease have six digits', () => {
  expect(microTime(Date.UTC(2026, 10, 24, 13, 0, 1, 7))).toBe('2026-11-24T13:00:01.007000Z');
});

describe('a lease that cannot be had', () => {
  const warnings = ({ log }: Replica) => log.entries.filter(({ level }) => level === 'warn');

  test('is told when it begins, when the error is another one, and every five minutes with how often', async () => {
    record.down = true;
    const a = new Replica(record, 'a');
    await pass(9 * 60_000, a);
    record.denied = 'leases is forbidden';
    await pass(60_000, a);
    expect(warnings(a)).toMatchObject([
      { message: 'the lease could not be read or written', fields: { attempts: 1 } },
      { fields: { attempts: expect.closeTo(136, -1) as number } },
      {
        fields: { attempts: expect.closeTo(109, -1) as number, error: expect.stringContaining('forbidden') as string },
      },
    ]);
  });

  test('is told anew after it was had', async () => {
    const a = new Replica(record, 'a');
    await pass(3_000, a);
    for (let i = 0; i < 2; i++) {
      record.down = true;
      await pass(3_000, a);
      record.down = false;
      await pass(10_000, a);
    }
    expect(warnings(a).map(({ fields }) => (fields as { attempts: number }).attempts)).toEqual([1, 1]);
  });

  test('where it is denied is told with the role that allows it', async () => {
    record.denied = 'leases is forbidden';
    const a = new Replica(record, 'a');
    await pass(1_000, a);
    const remedy = expect.stringMatching(/manifests\/base\/rbac\.yaml.*ECOM_LEASE_NAME/) as string;
    expect(warnings(a)).toMatchObject([{ fields: { remedy } }]);
    record.denied = undefined;
    record.down = true;
    await pass(3_000, a);
    expect(warnings(a).at(-1)?.fields).not.toHaveProperty('remedy');
  });
});
