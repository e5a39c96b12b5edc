/** What the witness notes of one object. */
export interface Noted {
  /** `ec2/vpc`. */
  readonly type: string;
  readonly id: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What AWS would charge for its mere existence. */
  readonly dollarsPerHour: number;
}

export interface LedgerEntry extends Noted {
  readonly created: number;
  readonly destroyed: number | undefined;
}

/** Something the internet could reach, from and until when. */
export interface Exposure {
  readonly what: string;
  readonly from: number;
  readonly until: number | undefined;
}

export interface LedgerCall {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly outcome: string;
  readonly write: boolean;
  readonly region: string;
  readonly principal: string;
  readonly userAgent?: string;
}

/** Reads begin with these words in every service we simulate. */
const readWords = /^(Describe|Get|Head|List|Search|Lookup|Check|Test)/;

/**
 * The independent witness: all that ever existed, who owned it, what the internet could reach and which calls were
 * made. Tests assert on it, never on the operator's own word.
 */
export class Ledger {
  readonly #living = new Map<string, LedgerEntry>();
  readonly #gone: LedgerEntry[] = [];
  readonly #exposed = new Map<string, number>();
  readonly #exposures: Exposure[] = [];
  readonly #calls: LedgerCall[] = [];

  existed(noted: Noted, at: number): void {
    const key = keyOf(noted);
    const known = this.#living.get(key);
    this.#living.set(key, { ...noted, created: known?.created ?? at, destroyed: undefined });
  }

  destroyed(noted: Pick<Noted, 'type' | 'id' | 'region'>, at: number): void {
    const key = keyOf(noted);
    const known = this.#living.get(key);
    if (!known) return;
    this.#living.delete(key);
    this.#gone.push({ ...known, destroyed: at });
  }

  /** Everything that the internet can reach at this moment. */
  exposed(whats: readonly string[], at: number): void {
    const now = new Set(whats);
    for (const [what, from] of this.#exposed)
      if (!now.has(what)) {
        this.#exposed.delete(what);
        this.#exposures.push({ what, from, until: at });
      }
    for (const what of now) if (!this.#exposed.has(what)) this.#exposed.set(what, at);
  }

  called(call: Omit<LedgerCall, 'write'>): void {
    this.#calls.push({ ...call, write: !readWords.test(call.operation) });
  }

  /** What exists now, and fits. */
  existing(
    fits: Partial<Pick<Noted, 'type' | 'region'>> & { readonly tag?: readonly [string, string] } = {},
  ): LedgerEntry[] {
    return [...this.#living.values()].filter(
      ({ type, region, tags }) =>
        (fits.type === undefined || fits.type === type) &&
        (fits.region === undefined || fits.region === region) &&
        (fits.tag === undefined || tags[fits.tag[0]] === fits.tag[1]),
    );
  }

  /** All that ever existed, by the time of creation. */
  history(): LedgerEntry[] {
    return [...this.#gone, ...this.#living.values()].sort((a, b) => a.created - b.created);
  }

  exposures(): Exposure[] {
    const open = [...this.#exposed].map(([what, from]): Exposure => ({ what, from, until: undefined }));
    return [...this.#exposures, ...open];
  }

  calls(): readonly LedgerCall[] {
    return this.#calls;
  }

  writes(): LedgerCall[] {
    return this.#calls.filter(({ write }) => write);
  }

  /** Calls by service, operation and outcome. */
  counts(): Record<string, Record<string, Record<string, number>>> {
    const counts: Record<string, Record<string, Record<string, number>>> = {};
    for (const { service, operation, outcome } of this.#calls) {
      const outcomes = ((counts[service] ??= {})[operation] ??= {});
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return counts;
  }

  toJSON(): object {
    const existing = this.existing();
    return {
      existing,
      destroyed: this.#gone,
      exposures: this.exposures(),
      calls: { total: this.#calls.length, writes: this.writes().length, byOperation: this.counts() },
      dollarsPerHour: existing.reduce((sum, { dollarsPerHour }) => sum + dollarsPerHour, 0),
    };
  }
}

const keyOf = ({ type, region, id }: Pick<Noted, 'type' | 'id' | 'region'>): string => `${region}/${type}/${id}`;
