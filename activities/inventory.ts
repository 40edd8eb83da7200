import { heartbeat } from '@temporalio/activity';
import type { VendorActivities } from '../domain/activities.js';
import { cutOff } from '../domain/advisory.js';
import type { Heading } from '../domain/announcements.js';
import type { CampaignSpec } from '../domain/campaign.js';
import { failures, RelinkFailure } from '../domain/failures.js';
import { judge } from '../domain/judge.js';
import { laneFor } from '../domain/lanes.js';
import type { Finding } from '../domain/ledger.js';
import type { Host, ListedMeeting, MeetingIdentity } from '../domain/meeting.js';
import type { Unreadable } from '../domain/ports.js';
import { vendorMinuteMs } from '../domain/pace.js';
import { isReplacementTag } from '../domain/tags.js';
import { ahead, type VendorContext } from './context.js';
import { triedMs } from './edge.js';
import { moment } from './host-lists.js';

/** Hosts of one activity: enough to spare history events, few enough that a killed worker repeats little. */
const HOSTS_PER_CHUNK = 24;
/** So long lists may fail of hosts who alone are left, in minutes of the vendor. */
const STUCK_MINUTES = 30;
/** Hosts listed side by side, so that the vendor's latency does not add up. */
const AT_ONCE = 4;

/** Finds and judges. Reads at the vendor, writes only to the ledger. */
export function createInventory(context: VendorContext): Pick<VendorActivities, 'inventoryHosts' | 'inventoryMeetings'> {
  const { ledger, vendor } = context;
  return {
    async inventoryHosts({ campaign, run, page }) {
      const { spec } = await ledger.campaigns.get(campaign);
      const { hosts, unreadable, next } = await vendor.listHosts(page);
      await ledger.inventory.addHosts(campaign, run, hosts.map((host) => ({ host, lane: laneFor(host.email, spec.identities) })));
      if (page === null) await keepUnread(ledger, spec, run, []); // who could not be read before is looked at again
      if (unreadable.length > 0) await keepUnread(ledger, spec, run, unreadable);
      return { next, hosts: hosts.length };
    },

    async inventoryMeetings({ campaign, run, lane }) {
      const { spec } = await ledger.campaigns.get(campaign);
      const hosts = await ledger.inventory.nextHosts(campaign, run, lane, HOSTS_PER_CHUNK);
      const at: Place = { spec, token: run, lane };
      const troubles: Trouble[] = [];
      for (let i = 0; i < hosts.length; i += AT_ONCE) {
        const looks = hosts.slice(i, i + AT_ONCE).map((host) => inspect(context, at, host).catch((cause: unknown) => void troubles.push({ host, cause: cause as Error })));
        await Promise.all(looks);
        heartbeat();
      }
      const left = troubles.length < hosts.length ? troubles : await withoutStuck(context, at, troubles);
      mustGoOn(await notOfOneAlone(context, at, left), hosts.length);
      return { left: (await ledger.inventory.nextHosts(campaign, run, lane, 1)).length };
    },
  };
}

/** Who stands for people whose entries cannot be read: they may well have meetings. */
const UNREAD: Host = { email: 'people who cannot be read', displayName: '', sites: [] };

/** Each shows as one `failed` meeting that stands for all of theirs, as with a host whom the vendor refuses to list. */
async function keepUnread({ inventory }: VendorContext['ledger'], spec: CampaignSpec, token: string, people: readonly Unreadable[]): Promise<void> {
  const lane = laneFor(UNREAD.email, spec.identities);
  if (people.length > 0) await inventory.addHosts(spec.name, token, [{ host: UNREAD, lane }]);
  const unreadable = people.map(({ id, fields }) => ({ identity: unknownMeeting(spec, UNREAD, `all of person ${id}`), fields }));
  await inventory.finishHost({ campaign: spec.name, token, lane, host: UNREAD, findings: [], unreadable });
}

/**
 * One host's trouble does not keep the others waiting: whoever is left is asked again in the next chunk. Back-off is for
 * a chunk in which nobody could be asked; what patience does not solve ends the inventory at once.
 */
export function mustGoOn(troubles: readonly Error[], asked: number): void {
  const hopeless = troubles.find((trouble) => !(trouble instanceof RelinkFailure) || !failures[trouble.type].retry);
  const trouble = hopeless ?? (troubles.length === asked ? troubles[0] : undefined);
  if (trouble) throw trouble;
}

/** Where a chunk of an inventory is. */
interface Place {
  readonly spec: CampaignSpec;
  readonly token: string;
  readonly lane: string;
}

interface Trouble {
  readonly host: Host;
  readonly cause: Error;
}

/**
 * Whose lists fail, again and again, when nobody else is left to be asked, must not keep the inventory from its end: each stands as not listed, as if
 * the vendor refused to. Unless it is an outage: then a host who was listed in this run cannot be listed now either. @returns what went wrong with the others
 */
async function withoutStuck(context: VendorContext, at: Place, troubles: readonly Trouble[]): Promise<readonly Trouble[]> {
  const stuck = troubles.filter(({ cause }) => cause instanceof RelinkFailure && cause.type === 'VendorUnavailable');
  const other = stuck.length === 0 ? undefined : await context.ledger.inventory.someListed(at.spec.name, at.token, at.lane);
  if (!other || triedMs() < STUCK_MINUTES * vendorMinuteMs(context.quota.windowMs)) return troubles;
  const lists = await context.vendor.listHost({ hostEmail: other.email }).then(() => true, () => false);
  if (!lists) return troubles;
  for (const { host } of stuck) await inspect(context, at, host, () => Promise.resolve(notListed(host)));
  return troubles.filter((trouble) => !stuck.includes(trouble));
}

/**
 * What the identity may not ask about this host, while it lists others, is no matter of the inventory: as if the vendor refused to list them.
 * An identity that has listed nobody lacks a scope.
 */
async function notOfOneAlone(context: VendorContext, at: Place, troubles: readonly Trouble[]): Promise<readonly Error[]> {
  const forbidden = troubles.filter(({ cause }) => cause instanceof RelinkFailure && cause.type === 'Forbidden');
  const others = troubles.filter((trouble) => !forbidden.includes(trouble)).map(({ cause }) => cause);
  if (forbidden.length === 0) return others;
  if (await context.ledger.inventory.listedAny(at.spec.name, at.token, at.lane)) return [...others, ...(await withoutRooms(context, at, forbidden))];
  if (others.length > 0) mustGoOn(others, others.length); // whether it is forbidden for all, nobody knows yet
  return forbidden.map(({ cause }) => cause);
}

/** Who may be that only the room is forbidden is listed all the same. @returns what went wrong with that */
async function withoutRooms(context: VendorContext, at: Place, forbidden: readonly Trouble[]): Promise<readonly Error[]> {
  const causes: Error[] = [];
  for (const { host } of forbidden) await inspect(context, at, host, listedWithoutRoom).catch((cause: unknown) => void causes.push(cause as Error));
  return causes;
}

type Listing = Awaited<ReturnType<VendorContext['vendor']['listMeetings']>>;

/** @param list what the vendor shows of the host. Default: asks for it */
async function inspect({ ledger, vendor, lists }: VendorContext, { spec, token, lane }: Place, host: Host, list: typeof listed = listed): Promise<void> {
  const now = Date.now();
  const askedAt = moment();
  const { meetings, unreadable, shown = [], guest = [] } = await list(vendor, spec, host, now);
  lists.keep({ hostEmail: host.email }, askedAt, shown);
  const exemptions = await ledger.inventory.exemptions(spec.name, new Date(now).toISOString());
  const findings: Finding[] = [];
  for (const meeting of meetings) {
    if (await isOurs(ledger, meeting, spec)) continue;
    const judgement = judge({ host, meeting, siblings: meetings, spec, exempted: exemptions.covers(meeting.identity), now });
    findings.push({ identity: meeting.identity, kind: meeting.kind, startsAt: meeting.next?.start ?? null, judgement, ...(spec.notices.announceMs === undefined ? {} : { heading: headingOf(meeting, host) }) });
  }
  await ledger.inventory.finishHost({
    campaign: spec.name,
    token,
    lane,
    host,
    findings,
    guest: spec.departed?.find === false ? [] : guest,
    unreadable: unreadable.map(({ id, fields }) => ({ identity: unknownMeeting(spec, host, id), fields })),
  });
}

/**
 * A host whom the vendor refuses to list must not stop the others. It shows as one `failed` meeting that stands for all
 * of this host's, so that nobody believes they were looked at.
 */
async function listed(vendor: VendorContext['vendor'], spec: CampaignSpec, host: Host, now: number): Promise<Listing> {
  try {
    return await withRooms(vendor, spec, host, await vendor.listMeetings(host, ahead(spec, now)));
  } catch (cause: unknown) {
    if (!(cause instanceof RelinkFailure) || (cause.type !== 'VendorRefused' && cause.type !== 'MeetingGone')) throw cause;
    return notListed(host);
  }
}

/** Their room stands for itself, as one that the identity may not read. */
async function listedWithoutRoom(vendor: VendorContext['vendor'], spec: CampaignSpec, host: Host, now: number): Promise<Listing> {
  if (spec.scope.personalRooms !== true) return notListed(host);
  const listed = await vendor.listMeetings(host, ahead(spec, now)).catch((cause: unknown) => {
    if (cause instanceof RelinkFailure && cause.type === 'Forbidden') return notListed(host);
    throw cause;
  });
  return { ...listed, unreadable: [...listed.unreadable, { id: `room of ${host.email.toLowerCase()}`, fields: ['room'] }] };
}

const notListed = ({ email }: Host): Listing => ({ meetings: [], unreadable: [{ id: `all of ${email.toLowerCase()}`, fields: ['host'] }] });

async function withRooms({ rooms }: VendorContext['vendor'], { scope }: CampaignSpec, host: Host, listed: Listing) {
  if (scope.personalRooms !== true) return listed;
  const { meetings, unreadable } = await rooms.list(host, listed.meetings);
  return { ...listed, meetings: [...listed.meetings, ...meetings], unreadable: [...listed.unreadable, ...unreadable] };
}

/** Replacements are not found again, unless the cut-off has moved past their own making. */
export async function isOurs(ledger: VendorContext['ledger'], meeting: ListedMeeting, { advisory }: CampaignSpec): Promise<boolean> {
  const made = await ledger.inventory.replacedAt(meeting.identity);
  if (made !== null) return made >= cutOff(advisory);
  return meeting.tags.some(isReplacementTag);
}

/** What a letter ahead calls it: nothing is asked of the vendor for that. */
const headingOf = ({ title = '', timezone = 'UTC', next }: ListedMeeting, { displayName }: Host): Heading => ({ title, timezone, end: next?.end, hostName: displayName });

/** All that is known of a list entry that could not be read. */
const unknownMeeting = (spec: CampaignSpec, host: Host, id: string): MeetingIdentity => ({
  vendor: spec.advisory.vendor,
  site: host.sites[0] ?? '',
  id,
  hostEmail: host.email,
  number: '',
  link: '',
});
