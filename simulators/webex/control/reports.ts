import { DAY, isoSeconds } from '../../support/clock.js';
import { match } from '../audit/match.js';
import type { CallLog, Call } from '../call-log.js';
import type { LimitSettings } from '../limits.js';
import { isAlive, isSupported, type JsonObject, type Kind } from '../meeting-record.js';
import { hasFutureStart, heldBetween } from '../occurrences.js';
import { roomLink, type Rooms } from '../rooms.js';
import type { Store } from '../store.js';
import { canonicalMeeting, compare, instant } from './canonical-meeting.js';

export const livingMeetings = (store: Store): readonly JsonObject[] =>
  store
    .all()
    .filter(isAlive)
    .sort((a, b) => compare(a.id, b.id))
    .map(canonicalMeeting);

/** As far as a series with an end may go. */
const FAR = 5 * 366 * DAY;

/** What is really so, per meeting, deleted ones included. `toCome`: occurrences, of the next five years. */
export function truth(store: Store, { cutoff, now, supports }: { cutoff: number; now: number; supports: ReadonlySet<Kind> }): JsonObject {
  const { replacements } = match(store.all());
  const standsFor = new Map([...replacements].flatMap(([legacy, made]) => made.map(({ record }) => [record, legacy.id] as const)));
  return Object.fromEntries(
    store.all().map((record) => [
      record.id,
      {
        created: instant(record.createdAt),
        affected: record.createdAt < cutoff && record.kind !== 'external' && hasFutureStart(record, now),
        supported: isSupported(record, supports) && (supports.has('departed') || !store.departed.has(record.hostEmail)),
        departed: store.departed.has(record.hostEmail),
        kind: record.kind,
        origin: record.origin,
        alive: isAlive(record),
        host: store.alias(record.hostEmail),
        standsFor: standsFor.get(record),
        toCome: heldBetween(record, now, now + FAR).length,
        invitees: record.invitees.size,
      },
    ]),
  );
}

/** What an inventory taken at that time would have listed: one series id per line, under a header. */
export const inventory = (store: Store, at: number): string =>
  ['id', ...store.all().filter((record) => record.kind !== 'external' && record.createdAt <= at && (record.deleted === undefined || record.deleted.at > at)).map(({ id }) => id), ''].join('\n');

/** Everything that must never show in logs, histories or file names. */
export function planted(store: Store, rooms: Rooms): JsonObject {
  const records = store.all();
  const changes = records.flatMap(({ versions }) => versions.flatMap(({ exceptions }) => [...exceptions.values()]));
  const reaches = [...records, ...changes];
  const invitees = reaches.flatMap((each) => [...(each.invitees?.values() ?? [])]);
  const ids = rooms.all().flatMap((room) => room.ids.map((own) => ({ link: roomLink(room, own), number: own.accessCode })));
  const answers = records.flatMap(({ registrants }) => registrants.flatMap(({ customizedQuestions = [] }) => customizedQuestions.flatMap((each) => each.answers.map(({ answer }) => answer))));
  const unique = (values: readonly string[]): readonly string[] => [...new Set(values)].sort(compare);
  return {
    titles: unique([...records.flatMap(({ versions }) => versions.map(({ plan }) => plan.title)), ...changes.flatMap(({ title }) => title ?? []), ...rooms.all().flatMap(({ options: { topic } }) => (typeof topic === 'string' ? topic : []))]),
    addresses: unique([...store.people.keys(), ...records.map(({ hostEmail }) => hostEmail), ...invitees.map(({ email }) => email), ...records.flatMap(({ registrants }) => registrants.map(({ email }) => email))]),
    answers: unique(answers),
    links: unique([...reaches, ...ids].map(({ link }) => link)),
    passcodes: unique([...reaches.flatMap(({ password }) => password ?? []), ...reaches.flatMap(panelistPasswordIn)]),
    numbers: unique([...reaches, ...ids].map(({ number }) => number)),
  };
}

const panelistPasswordIn = ({ options }: { readonly options?: JsonObject }): readonly string[] => {
  const password = options?.['panelistPassword'];
  return typeof password === 'string' ? [password] : [];
};

/** Counts of calls, and which share of the allowed requests they are. */
export function summary(log: CallLog, limits: LimitSettings, windowMs: number, range: { from: number; to: number }): JsonObject {
  const calls = log.calls.filter(({ at }) => at >= range.from && at <= range.to);
  const [first, last] = [calls[0]?.at ?? 0, calls.at(-1)?.at ?? 0];
  const counted = calls.filter(({ refusedBy, identity }) => refusedBy !== 'rate' && identity !== 'unknown');
  const identities = new Set(counted.map(({ identity }) => identity)).size;
  const allowed = Math.max(counted.length, Math.floor((limits.rpm * Math.max(1, identities) * (last - first)) / windowMs));
  return {
    calls: calls.length,
    first: isoSeconds(first),
    last: isoSeconds(last),
    byMethod: count(calls, ({ method }) => method),
    byStatus: count(calls, ({ status }) => String(status)),
    byFault: count(calls, ({ fault }) => fault ?? 'none'),
    byMeeting: byMeeting(calls),
    creates: calls.filter(({ method, path }) => method === 'POST' && path === '/v1/meetings').length,
    mailsByVendor: calls.filter(({ mailsPeople }) => mailsPeople).length,
    refusedByRate: calls.length - counted.length,
    allowed,
    share: allowed === 0 ? 0 : counted.length / allowed,
  };
}

function count(calls: readonly Call[], by: (call: Call) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of calls) counts[by(call)] = (counts[by(call)] ?? 0) + 1;
  return counts;
}

function byMeeting(calls: readonly Call[]): Record<string, Record<string, number>> {
  const groups = new Map<string, Call[]>();
  for (const call of calls) if (call.meetingId !== null) groups.set(call.meetingId, [...(groups.get(call.meetingId) ?? []), call]);
  return Object.fromEntries([...groups].map(([id, group]) => [id, count(group, ({ method }) => method)]));
}
