import type { Heading } from './announcements.js';
import type { MeetingHandle } from './departed.js';
import type { Judgement } from './judge.js';
import type { Host, Instant, MeetingIdentity, MeetingKind } from './meeting.js';

export interface Finding {
  readonly identity: MeetingIdentity;
  readonly kind: MeetingKind;
  /** Next occurrence; null when nothing is left. */
  readonly startsAt: Instant | null;
  readonly judgement: Judgement;
  /** Only where the campaign tells organisers ahead. */
  readonly heading?: Heading | undefined;
}

export interface InventoryBook extends HandleBook {
  /** Opens run `token` (same token: same run) and gives the campaign's hosts a clean slate for it. */
  begin(campaign: string, token: string): Promise<void>;
  /** Hosts of one page, each with the identity (lane) that will work on it. Repeated hosts are ignored. */
  addHosts(campaign: string, token: string, hosts: readonly { readonly host: Host; readonly lane: string }[]): Promise<void>;
  /** Hosts of this lane not yet finished in this run, in a stable order. */
  nextHosts(campaign: string, token: string, lane: string, limit: number): Promise<readonly Host[]>;
  /**
   * Writes what was found with one host and marks the host finished.
   * New meetings get an item in the state of their verdict (`affected` → `waiting`); unreadable ones `failed` with `VendorRefused`.
   * Known items keep their state, unless it is `unaffected` `excluded` `refused` or an unclaimed `waiting`: those are judged again.
   * Own replacements (tag known to the caller) are not passed in. `startsAt` is refreshed for all but settled work.
   */
  finishHost(input: {
    readonly campaign: string;
    readonly token: string;
    readonly lane: string;
    readonly host: Host;
    readonly findings: readonly Finding[];
    readonly unreadable: readonly { readonly identity: MeetingIdentity; readonly fields: readonly string[] }[];
    /** To what others have invited this host: opened as handles where nobody who is listed has it. Default nothing. */
    readonly guest?: readonly Pick<MeetingIdentity, 'id' | 'hostEmail'>[];
  }): Promise<void>;
  /** Whether the meetings of any host of this lane could be listed in this run. */
  listedAny(campaign: string, token: string, lane: string): Promise<boolean>;
  /** A host of this lane whose meetings were listed in this run. */
  someListed(campaign: string, token: string, lane: string): Promise<Host | undefined>;
  /** Whether an exemption covers host or meeting at `at`. */
  exemptions(campaign: string, at: Instant): Promise<{ covers(identity: MeetingIdentity): boolean }>;
  /** When Relink made this meeting as a replacement, in any campaign; null when it did not. */
  replacedAt(identity: MeetingIdentity): Promise<Instant | null>;
  progress(campaign: string, token: string): Promise<{ readonly hosts: number; readonly finished: number; readonly meetings: number }>;
  /** What run `token` found to exist at the vendor, for later advisories: ids and sites, nothing that names a person. */
  existing(input: { readonly campaign: string; readonly token: string; readonly vendor: string }): Promise<Existing>;
}

/** What names a meeting that may belong to nobody who is listed. Handles are sealed at rest. */
export interface HandleBook {
  /**
   * Opens those of `handles` that no meeting of a listed host has, and the ids of meetings that the campaign knows and whose host is listed no more.
   * What led nowhere once in this campaign stays closed. @returns how many are open.
   */
  openHandles(campaign: string, token: string, handles: readonly MeetingHandle[]): Promise<number>;
  /** Open ones, links last: a link is shown of no meeting that was found by another handle, so what it tells of must be written last. */
  nextHandles(campaign: string, token: string, limit: number): Promise<readonly MeetingHandle[]>;
  /** Writes what was found behind a handle, as `finishHost` does, and closes it: for this run, or `forGood`. */
  finishHandle(input: {
    readonly campaign: string;
    readonly handle: MeetingHandle;
    readonly lane: string;
    readonly finding?: Finding | undefined;
    readonly unreadable?: { readonly identity: MeetingIdentity; readonly fields: readonly string[] } | undefined;
    readonly forGood: boolean;
  }): Promise<void>;
  /** Whether somebody is among those whom the last inventory of the campaign listed as hosts. */
  lists(campaign: string, hostEmail: string): Promise<boolean>;
}

export interface Existing {
  /** Ascending, once each: meetings of the campaign, and replacements of every campaign, which no campaign finds again. Some may be gone. */
  readonly ids: readonly string[];
  /** Sites of these, lower case, ascending. */
  readonly sites: readonly string[];
  /** Hosts that run `token` has finished; 0 when another run has taken its place. */
  readonly hosts: number;
  /** Hosts among them of whom not every meeting has an id, because the vendor refused the list or an entry had none. */
  readonly incompleteHosts: number;
}
