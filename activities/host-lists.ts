import { RelinkFailure, type FailureType } from '../domain/failures.js';
import type { MeetingRef } from '../domain/meeting.js';
import type { ConferencingVendor, ShownMeeting } from '../domain/ports.js';

/** Entries kept at once, of all hosts together: a few kilobytes each. */
const MOST = 3_000;
/** Whoever has too much for one list is asked about each meeting for so long. Milliseconds. */
const MANY_MS = 600_000;

/** What one list of a host showed. */
export interface HostList {
  /** Before it was asked for, by `moment()`. */
  readonly askedAt: number;
  /** Everything of the host that is still to come. Otherwise what is not in it may be there all the same. */
  readonly whole: boolean;
  readonly meetings: readonly ShownMeeting[];
}

/** Milliseconds by a clock of this process that never goes back: only what this process asked itself is held against it. */
export const moment = (): number => performance.now();

/** The vendor does not list this host, or not so that it can be read: each meeting is asked for by itself. */
const noList: readonly FailureType[] = ['VendorRefused', 'Forbidden', 'MeetingGone'];

/**
 * Lists of hosts, shared by all meetings of a host that are at work in this process for one identity. Of each host one list is under way at
 * a time: who needs a later one waits for it and then asks together with all others who wait. Bounded in memory, and never kept on disk.
 */
export class HostLists {
  readonly #known = new Map<string, HostList>();
  readonly #asking = new Map<string, Promise<unknown>>();
  readonly #many = new Map<string, number>();

  constructor(private readonly vendor: Pick<ConferencingVendor, 'listHost'>) {}

  /** A whole list that was asked for at `since` or later, or a new one. Nothing for a host who cannot be asked for in one request. */
  async since(host: Pick<MeetingRef, 'hostEmail'>, since: number): Promise<HostList | undefined> {
    const key = keyOf(host);
    for (;;) {
      const known = this.#known.get(key);
      if (known?.whole && known.askedAt >= since) return known;
      if ((this.#many.get(key) ?? -Infinity) > moment() - MANY_MS) return undefined;
      const asking = this.#asking.get(key) ?? this.#start(key, host);
      if ((await asking) === 'none') return undefined;
    }
  }

  /** How a list of `since` or later that is here already showed this meeting. */
  known(ref: MeetingRef, since: number): ShownMeeting | undefined {
    const known = this.#known.get(keyOf(ref));
    return known && known.askedAt >= since ? entryOf(known, ref) : undefined;
  }

  /**
   * How a list of `since` or later showed this meeting. A new one is asked for when none did. Those who are about to be deleted together come within
   * moments of each other: what the first of them asks for shows them all.
   */
  async showing(ref: MeetingRef, since: number): Promise<ShownMeeting | undefined> {
    const here = this.known(ref, since);
    if (here) return here;
    const asking = this.#asking.get(keyOf(ref));
    if (asking && (await asking) === 'none') return undefined;
    const shown = asking && this.known(ref, since);
    if (shown) return shown;
    const list = await this.since(ref, moment());
    return list && entryOf(list, ref);
  }

  /** A list that was read for another purpose: good for what it shows, not for what it does not. */
  keep(host: Pick<MeetingRef, 'hostEmail'>, askedAt: number, meetings: readonly ShownMeeting[]): void {
    this.#remember(keyOf(host), { askedAt, whole: false, meetings });
  }

  #start(key: string, host: Pick<MeetingRef, 'hostEmail'>): Promise<unknown> {
    const asking = this.#ask(key, host).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(key: string, host: Pick<MeetingRef, 'hostEmail'>): Promise<'listed' | 'none'> {
    const askedAt = moment();
    const meetings = await this.vendor.listHost(host).catch((cause: unknown) => {
      if (cause instanceof RelinkFailure && noList.includes(cause.type)) return 'none' as const;
      throw cause;
    });
    if (meetings === 'many') this.#many.set(key, askedAt);
    if (typeof meetings === 'string') return 'none';
    this.#remember(key, { askedAt, whole: true, meetings });
    return 'listed';
  }

  /** The newest last; the oldest go first. */
  #remember(key: string, list: HostList): void {
    this.#known.delete(key);
    this.#known.set(key, list);
    let kept = [...this.#known.values()].reduce((sum, { meetings }) => sum + meetings.length + 1, 0);
    for (const [oldest, { meetings }] of this.#known) {
      if (kept <= MOST || oldest === key) break;
      this.#known.delete(oldest);
      kept -= meetings.length + 1;
    }
  }
}

const keyOf = ({ hostEmail }: Pick<MeetingRef, 'hostEmail'>): string => hostEmail.toLowerCase();

export const entryOf = ({ meetings }: HostList, { id }: Pick<MeetingRef, 'id'>): ShownMeeting | undefined => meetings.find((shown) => shown.id === id);
