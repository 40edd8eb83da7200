import type { CampaignSpec } from './campaign.js';
import type { ListedMeeting, MeetingRef, Window } from './meeting.js';
import type { Written } from './ports.js';

/** What becomes of meetings whose host is not among the accounts that may host: they left, or their account was closed. */
export interface DepartedPolicy {
  /** Whether such meetings are looked for. */
  readonly find: boolean;
  /** Who becomes their host: an address in lower case. Absent: nobody, and they are refused. Personal data, sealed with the campaign. */
  readonly to?: string | undefined;
  /** The same for single sites, by site in lower case. */
  readonly sites?: Readonly<Record<string, string>> | undefined;
}

/** Who becomes the host of a meeting on this site whose host left; `undefined` when the campaign names nobody. */
export const newOwner = ({ departed }: Pick<CampaignSpec, 'departed'>, site: string): string | undefined => departed?.sites?.[site.toLowerCase()] ?? departed?.to;

/** All whom the campaign names, once each. */
export const newOwners = ({ departed }: Pick<CampaignSpec, 'departed'>): readonly string[] => [...new Set([...(departed?.to === undefined ? [] : [departed.to]), ...Object.values(departed?.sites ?? {})])];

/** By what a meeting may be looked up, whoever hosts it. Personal data. */
export interface MeetingHandle {
  readonly by: 'number' | 'link' | 'id';
  /** As `numberKey` and `linkKey` write it, or the vendor's id. */
  readonly key: string;
}

/**
 * What the evidence of a campaign names, once each: each may be a meeting that no account lists. Host and start alone lead nowhere:
 * no vendor finds a meeting by them.
 */
export function handlesIn({ calendar = [], invitations = [], snapshots }: CampaignSpec['evidence']): readonly MeetingHandle[] {
  const traced = [...calendar, ...invitations].flatMap(({ by, key }): readonly MeetingHandle[] => (by === 'host+start' ? [] : [{ by, key }]));
  const listed = snapshots.flatMap(({ ids }) => ids.map((key): MeetingHandle => ({ by: 'id', key })));
  return [...new Map([...traced, ...listed].map((handle) => [`${handle.by} ${handle.key}`, handle])).values()];
}

/** Meetings of hosts who left, of whom a vendor lists nothing. */
export interface DepartedMeetings {
  /**
   * The meeting behind a number, a link or an id, whoever hosts it and whether or not they are still there: a changed occurrence leads to its series.
   * `'none'` when there is none of ours. What would let anybody in is not shown: no link but the one that was asked for, no invitees.
   * At most two requests.
   */
  find(handle: MeetingHandle, window: Window): Promise<ListedMeeting | 'none'>;
  /**
   * The address of whoever has a meeting, also when they left: for one that is not found with the host it had. `undefined` when there is no such
   * meeting. One request.
   * @throws RelinkFailure `Forbidden` when the identity may not ask about what others have
   */
  hostOf(id: string): Promise<string | undefined>;
  /**
   * Whether whoever has this address may host no longer: asked about them alone, since a list may have missed them. What cannot be read says
   * nothing: `false`. One request.
   */
  hasLeft(email: string): Promise<boolean>;
  /**
   * Gives a meeting another host. Cannot be undone, and the vendor mails whoever had it. The same host again is a quiet success.
   * @throws RelinkFailure `NotReassigned`
   */
  reassign(ref: MeetingRef, to: string, lastLook?: () => Promise<void>): Promise<Written>;
}
