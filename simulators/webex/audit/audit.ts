import type { KeptMail } from '../../smtp/mailbox.js';
import type { Call } from '../call-log.js';
import { isAlive, isSupported, type Kind, type MeetingRecord } from '../meeting-record.js';
import { hasFutureStart } from '../occurrences.js';
import { lostInvitees, type MayHost } from './lost-invitees.js';
import { lostParts } from './lost-parts.js';
import { match, type Matching, type Replacement } from './match.js';
import { roomsLeft, roomsUntold } from './rooms.js';
import type { RoomRecord } from '../rooms.js';

/** The vendor's own judgement of a campaign. All zero is the target. */
export interface Audit {
  /** Meetings created before the cut-off, still to be held, replaceable, and still there; and personal rooms with an id from before it. */
  readonly legacyLeft: number;
  /** Live replacements beyond the first of one legacy meeting. */
  readonly duplicates: number;
  /** Live replacements that stand for no meeting, or beside a live legacy meeting. */
  readonly orphans: number;
  /** Legacy meetings deleted before their host had been mailed the new link; and, when all is over, personal rooms of whose new link their owner was never mailed. */
  readonly deletedBeforeTold: number;
  /** Legacy meetings, or single occurrences of them, deleted while no replacement existed. */
  readonly deletedBeforeReplaced: number;
  /** Attempts to create beyond the quota. */
  readonly quotaOverspent: number;
  /**
   * Invitees of deleted legacy meetings, and of single occurrences of them, who are not invited to the replacement, or not as the co-hosts that
   * they may still be; registrants, interpreters and places in breakout sessions that it lacks, and the forms and sessions themselves.
   */
  readonly lostInvitees: number;
  /** Meetings of a calendar connector that were deleted: the vendor takes their events out of the calendar. Absent: there are none. */
  readonly calendarEventsLost?: number;
}

export interface AuditInput {
  readonly records: readonly MeetingRecord[];
  readonly rooms: readonly RoomRecord[];
  readonly calls: readonly Call[];
  readonly mails: readonly KeptMail[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly cutoff: number;
  /** Meeting ids or host addresses that the campaign was to leave alone. */
  readonly exclude: ReadonlySet<string>;
  /** Addresses, in lower case, of hosts who left and were not replaced as hosts. */
  readonly departed: ReadonlySet<string>;
  /** Kinds that the campaign is held to replace. */
  readonly supports: ReadonlySet<Kind>;
  readonly mayHost: MayHost;
  /** False while a campaign is at work: then a replacement may stand beside its legacy meeting, and lack changes of single occurrences. */
  readonly over: boolean;
}

export function audit(input: AuditInput): Audit {
  const { records, calls } = input;
  const matching = match(records);
  const deleted = records.filter((record) => record.origin !== 'api' && record.deleted?.by === 'api');
  const events = deleted.filter(({ kind }) => kind === 'connector').length;
  const known = new Map(records.map((record) => [record.id, record]));
  return {
    legacyLeft: records.filter((record) => isLeft(record, input)).length + (input.supports.has('room') ? roomsLeft(input) : 0),
    duplicates: sum(records.map((record) => Math.max(0, madeFor(matching, record, input.over).filter(isAlive).length - 1))),
    orphans: orphans(matching, input),
    deletedBeforeTold: deleted.filter((record) => !wasTold(record, replacementsOf(matching, record), input.mails)).length + (input.over ? roomsUntold(input) : 0),
    deletedBeforeReplaced: deleted.filter((record) => !wasReplaced(record, replacementsOf(matching, record))).length + occurrencesDeleted(calls, known),
    quotaOverspent: calls.filter(({ refusedBy }) => refusedBy === 'creates-identity' || refusedBy === 'creates-host').length,
    lostInvitees: sum(deleted.map((record) => lostIn(record, standing(replacementsOf(matching, record)), input.mayHost))),
    ...(events > 0 ? { calendarEventsLost: events } : {}),
  };
}

const lostIn = (record: MeetingRecord, replacement: MeetingRecord | undefined, mayHost: MayHost): number => lostInvitees(record, replacement, mayHost) + lostParts(record, replacement);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const replacementsOf = (matching: Matching, record: MeetingRecord): readonly Replacement[] => matching.replacements.get(record) ?? [];
/** One that was left unfinished is an orphan, but no duplicate. */
const madeFor = (matching: Matching, legacy: MeetingRecord, over: boolean): readonly MeetingRecord[] => [
  ...replacementsOf(matching, legacy).map(({ record }) => record),
  ...(over ? [] : (matching.unfinished.get(legacy) ?? [])),
];
const isExcluded = (record: MeetingRecord, exclude: ReadonlySet<string>): boolean => exclude.has(record.id) || exclude.has(record.hostEmail.toLowerCase());

const isLeft = (record: MeetingRecord, { cutoff, now, exclude, supports, departed }: AuditInput): boolean =>
  record.origin !== 'api' && (supports.has('departed') || !departed.has(record.hostEmail.toLowerCase())) && isAlive(record) && isSupported(record, supports) && record.createdAt < cutoff && !isExcluded(record, exclude) && hasFutureStart(record, now);

function orphans({ replacements, unfinished, unmatched }: Matching, { over, exclude }: AuditInput): number {
  const beside = [...replacements].filter(([legacy]) => isAlive(legacy) && !isExcluded(legacy, exclude)).flatMap(([, made]) => made.map(({ record }) => record));
  return [...unmatched, ...(over ? [...beside, ...[...unfinished.values()].flat()] : [])].filter(isAlive).length;
}

/** There, and finished, at the moment of the deletion. */
const stood = ({ record: { deleted }, since }: Replacement, tick: number): boolean => since < tick && (deleted === undefined || deleted.tick > tick);

const wasReplaced = ({ deleted }: MeetingRecord, made: readonly Replacement[]): boolean => deleted !== undefined && made.some((candidate) => stood(candidate, deleted.tick));

function wasTold({ deleted, hostEmail }: MeetingRecord, made: readonly Replacement[], mails: readonly KeptMail[]): boolean {
  if (deleted === undefined) return true;
  const links = made.filter((candidate) => stood(candidate, deleted.tick)).map(({ record }) => record.link);
  const toHost = mails.filter(({ tick, to }) => tick < deleted.tick && to.some((address) => address.toLowerCase() === hostEmail.toLowerCase()));
  return toHost.some((mail) => links.some((link) => mail.text.includes(link) || unescaped(mail.html).includes(link)));
}

const unescaped = (html: string): string => html.replace(/&(?:#61|#x3d|equals);/gi, '=').replace(/&(?:#38|#x26|amp);/gi, '&');

/** Single occurrences of meetings that were there before. */
const occurrencesDeleted = (calls: readonly Call[], known: ReadonlyMap<string, MeetingRecord>): number =>
  calls.filter(({ method, path, effect, meetingId }) => method === 'DELETE' && effect && /^\/v1\/meetings\/[^/]+_/.test(path) && known.get(meetingId ?? '')?.origin !== 'api').length;

const standing = (made: readonly Replacement[]): MeetingRecord | undefined => (made.find(({ record }) => isAlive(record)) ?? made.at(-1))?.record;
