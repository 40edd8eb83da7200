import type { ShapedMeeting } from '../../../domain/shape.js';
import { DAY, HOUR, MINUTE } from '../../support/clock.js';
import type { Random } from '../../support/random.js';
import { atLocal, localDate, stamp } from '../../support/zone.js';
import type { Kind } from '../meeting-record.js';
import type { PersonRecord } from '../people.js';
import { normaliseRule, type Timing } from '../recurrence.js';
import type { NewMeeting } from '../store.js';
import { Maker, type Draft, type MeetingSeed } from './seed-meetings.js';
import type { Staff } from './seed-people.js';
import { ended, futureTiming, lengths, runningTiming } from './seed-timing.js';
import type { ShapedOrganisation } from './shape-file.js';
import { zoneFor } from './sites.js';

type Seed = Pick<MeetingSeed, 'now' | 'cutoff'>;
type Planned = Draft & { readonly host: PersonRecord; readonly createdAt: number };

/** People by the hosts of the shape, each on the sites on which something of theirs is. */
export const shapedHosts = (hosts: readonly PersonRecord[], { hosts: shaped, sites, apart }: ShapedOrganisation): readonly PersonRecord[] =>
  hosts.map((host, i) => {
    const own = shaped[i] ?? [];
    return { ...host, hostSites: [...sites.slice(0, Math.max(1, affectedRooms(own).length)), ...apart.slice(0, Math.max(own.some(isApart) ? 1 : 0, otherRooms(own).length))] };
  });

export const affectedRooms = (meetings: readonly ShapedMeeting[]): readonly ShapedMeeting[] => meetings.filter(({ kind, finding }) => kind === 'room' && finding === 'affected');
export const otherRooms = (meetings: readonly ShapedMeeting[]): readonly ShapedMeeting[] => meetings.filter(({ kind, finding }) => kind === 'room' && finding !== 'affected');

/** Left alone whatever it is: it stands on a site of which the campaign takes nothing. */
const isApart = ({ finding, reason }: ShapedMeeting): boolean => finding === 'excluded' && reason !== 'InPersonalRoom';

/** Meetings of these kinds, at these times, by these hosts, in the order in which they were created; the rest is made up. What has nothing left to be held is left out. */
export function shapedMeetings(rng: Random, staff: Staff, shape: ShapedOrganisation, seed: Seed): readonly NewMeeting[] {
  const made = new Maker(rng, staff, { ...seed, meetings: 0, manyExceptions: false, manySpecial: false });
  return staff.hosts
    .flatMap((host, i) => (shape.hosts[i] ?? []).filter(({ kind, reason }) => kind !== 'room' && reason !== 'NothingLeft').map((meeting) => drafted(rng, meeting, host, shape, seed)))
    .sort((a, b) => a.createdAt - b.createdAt)
    .map((draft, i) => made.meeting(draft, draft.createdAt, i));
}

function drafted(rng: Random, meeting: ShapedMeeting, host: PersonRecord, { sites, apart, soonestMs }: ShapedOrganisation, seed: Seed): Planned {
  const site = (isApart(meeting) ? apart[0] : sites[0]) ?? host.hostSites[0];
  const createdAt = createdOf(rng, meeting, seed);
  const kind = kindOf(rng, meeting);
  const timing = timingOf(rng, meeting, host, { now: seed.now, createdAt, soonestMs });
  return { kind, isWebinar: meeting.kind === 'webinar', time: 'future', host, createdAt, timing, ...(site === undefined ? {} : { site }), ...(kind === 'exceptions' ? { index: rng.pick(plainExceptions) } : {}) };
}

/** The vendor's audit holds nothing against what is apart, because it is new. */
function createdOf(rng: Random, meeting: ShapedMeeting, { now, cutoff }: Seed): number {
  const isNew = meeting.reason === 'CreatedAfter' || isApart(meeting);
  if (!isNew) return cutoff - rng.int(60, 400 * 24 * 60) * MINUTE;
  return Math.round(cutoff + 1000 + Math.max(0, now - DAY - cutoff) * rng.next());
}

/** Of these neither the next occurrence nor one that is over was changed. */
const plainExceptions = [3, 5, 8, 9, 12] as const;

/**
 * A plan does not know what only a look at the meeting itself shows: some of what can be replaced has it all the same. What is refused for a reason
 * that no kind stands for is stood in for by a meeting, or a webinar, of a calendar connector.
 */
function kindOf(rng: Random, { kind, finding }: ShapedMeeting): Kind {
  if (kind === 'personal-room' || kind === 'space' || kind === 'room') return kind;
  if (finding === 'refused') return 'connector';
  if (finding !== 'affected' || kind === 'webinar') return kind;
  const chance = rng.next();
  if (kind === 'series') return chance < 0.06 ? 'exceptions' : 'series';
  return chance < 0.03 ? 'registration' : chance < 0.06 ? 'breakouts' : chance < 0.09 ? 'interpretation' : 'single';
}

interface When {
  readonly now: number;
  readonly createdAt: number;
  readonly soonestMs: number;
}

function timingOf(rng: Random, { kind, reason, startsInMs }: ShapedMeeting, host: PersonRecord, { now, createdAt, soonestMs }: When): Timing {
  if (reason === 'AlreadyStarted') return { ...runningTiming(now), ...(kind === 'series' ? { recurrence: 'FREQ=DAILY;COUNT=1;INTERVAL=1' } : {}) };
  if (startsInMs === null) return futureTiming(rng, now, host);
  const start = Math.ceil((now + Math.max(startsInMs, soonestMs)) / MINUTE) * MINUTE;
  const timing = { start, end: start + rng.pick(lengths) * MINUTE, timezone: zoneFor(rng, host) };
  return kind === 'series' ? ended(rng, recurring(rng, timing, { now, createdAt }), now, rng.pick(['endless', 'until', 'count'] as const)) : timing;
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** A series whose next occurrence is `next`: it began then, or so many days or weeks before, but none is held now. */
function recurring(rng: Random, next: Timing, { now, createdAt }: Omit<When, 'soonestMs'>): Timing {
  const { start, end, timezone } = next;
  const every = rng.chance(0.2) ? DAY : 7 * DAY;
  const date = localDate(start, timezone);
  const rule = every === DAY ? 'FREQ=DAILY' : `FREQ=WEEKLY;BYDAY=${weekdays[new Date(date).getUTCDay()]}`;
  const most = start - now < every - 2 * HOUR ? Math.max(0, Math.floor((start - createdAt) / every) - 1) : 0;
  const begun = new Date(Date.parse(date) - every * rng.int(0, Math.min(most, 26))).toISOString().slice(0, 10);
  const first = atLocal(begun, stamp(start, timezone).slice(11, 19), timezone);
  return { start: first, end: first + end - start, timezone, recurrence: normaliseRule(rule) ?? rule };
}
