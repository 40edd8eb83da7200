import { changesLeft } from '../../../domain/changes.js';
import { RelinkFailure } from '../../../domain/failures.js';
import type { Host, Instant, ListedMeeting, MeetingIdentity, MeetingRef, MeetingSnapshot, Obstacle, Occurrence as Planned, ReplacementPolicy, Window } from '../../../domain/meeting.js';
import type { ConferencingVendor, Reading, Unreadable } from '../../../domain/ports.js';
import type { HttpAnswer, HttpOptions } from '../../http/client.js';
import { adjust } from './adjust.js';
import { scrubbed } from './agenda.js';
import { mayBeManaged, takesEdits } from './calendars.js';
import { carryOver } from './carry-over.js';
import { createDeparted } from './departed.js';
import { createClient, type WebexClient } from './client.js';
import { CreationAnswers, readAsMade } from './creation-answers.js';
import { fieldsOf, unlessGone, unreadable, unreadableCreation } from './errors.js';
import { genuine, type Elsewhere } from './changed-occurrences.js';
import { listHost, ListTrust, spansFrom, toShown } from './host-list.js';
import { INVITEES_INLINE, peopleOf } from './invitees.js';
import { intendedOptions, isRunning, lostIn, occurrencesOf, refusalOf, toCreation, toIdentity, toSnapshot } from './map.js';
import { toListed } from './listed.js';
import { withinOneReading } from './no-memory.js';
import { wantedOf } from './occurrence-settings.js';
import { cutsOf, readOccurrences } from './occurrences.js';
import { hasLaterParts, readParts, refusalOfParts } from './parts/index.js';
import { createRooms } from './parts/personal-room.js';
import { openUnder } from './policy.js';
import { replan, type Replan } from './replan.js';
import { Meeting, Occurrence, Person, Tagged } from './schema.js';
import { whyRefused } from './session-type.js';
import { createSiteRules } from './site-rules.js';
import { unsureIn, unsureInOccurrences } from './suite-sites.js';
import { planCodes, planOwnCodes } from './tracking-codes.js';
import { inZone } from './zones.js';

/** Webex Meetings behind the port. See README.md for scopes, limits and sources. */
export function createWebex(options: HttpOptions): ConferencingVendor {
  const client = createClient(options);
  const trust = new ListTrust();
  const answers = new CreationAnswers();
  return {
    async listHosts(page) {
      const { items, next } = await client.people(page);
      return { hosts: items.flatMap(toHost), unreadable: items.flatMap(toUnread), next };
    },
    listMeetings: (host, window) => listMeetings(client, host, window),
    listHost: (ref) => listHost(client, ref),
    async readMeeting(ref, window, { shown, made, ...how } = {}) {
      const answer = made ? answers.take(ref.id) : undefined;
      if (answer) {
        const memory = how.memory ?? withinOneReading();
        return (await readAsMade(client, answer, window, memory)) ?? readMeeting({ client, trust }, ref, window, { ...how, memory });
      }
      const read = shown ? await unlessGone(readMeeting({ client, trust }, ref, window, { ...how, shown })) : 'gone';
      // What a list showed may be gone by now, and its people with it: only the meeting itself says so.
      return read === 'gone' ? readMeeting({ client, trust }, ref, window, how) : read;
    },
    exists: ({ id, hostEmail }) => exists(client, id, hostEmail),
    isRunning: ({ id, hostEmail }) => runs(client, id, hostEmail),
    async identify({ id, hostEmail, timezone }) {
      const answer = await unlessGone(client.meeting(id, hostEmail));
      return answer === 'gone' ? answer : toIdentity(inZone(read(answer.body, answer), timezone));
    },
    findByTag: (host, tag) => findByTag(client, host, tag),
    async createReplacement(old, policy, tag, lastLook) {
      const [now, legacy] = [Date.now(), scrubbed(old)];
      const plan = planned(legacy, policy, now);
      if ('reason' in plan) throw new RelinkFailure('UnsupportedMeeting', plan.reason, { fields: plan.fields });
      const answer = await client.create(toCreation(legacy, policy, tag, plan), lastLook).catch((cause: unknown) => whyRefused(client, legacy, cause));
      const complete = legacy.invitees.length <= INVITEES_INLINE && changesLeft(wantedOf(legacy, policy), now).length === 0 && !hasLaterParts(legacy);
      const made = inZone(created(answer), legacy.timezone);
      if (complete) answers.keep(made);
      return { identity: toIdentity(made), trackingId: answer.trackingId, complete };
    },
    obstacle(legacy, policy, now) {
      const plan = planned(legacy, policy, now);
      return 'reason' in plan ? plan : undefined;
    },
    siteRules: createSiteRules(client),
    intendedOptions: intended,
    mayBeManaged,
    takesEdits: (legacy) => takesEdits(client, legacy),
    carryOver: (ref, legacy, policy, how) => carryOver(client, ref, wantedOf(legacy, policy), how),
    adjust: (ref, edit) => adjust(client, ref, { ...edit, before: wantedOf(edit.before, edit.policy), after: wantedOf(edit.after, edit.policy) }),
    async removeMeeting({ id, hostEmail }) {
      const answer = await unlessGone(client.remove(id, hostEmail));
      return answer === 'gone' ? { outcome: 'absent' } : { outcome: 'removed', trackingId: answer.trackingId };
    },
    resolves: (identity) => resolves(client, identity),
    rooms: createRooms(client),
    departed: createDeparted(client, mayHost),
    async verify() {
      await client.me();
    },
  };
}

function intended(old: MeetingSnapshot, policy: ReplacementPolicy): ReturnType<ConferencingVendor['intendedOptions']> {
  const legacy = scrubbed(old);
  const { agenda, changes } = wantedOf(legacy, policy);
  return { options: intendedOptions(legacy, policy), lost: [...lostIn(legacy, policy), ...(legacy === old ? [] : ['agendaHandles'])], open: openUnder(policy), unsure: [...unsureIn(legacy, policy), ...unsureInOccurrences(legacy, policy)], texts: { agenda, changes } };
}

/** Where a replacement begins, or why there can be none. */
function planned(legacy: MeetingSnapshot, policy: ReplacementPolicy, now: number): Replan | Obstacle {
  const plan = replan(legacy, now);
  if (typeof plan === 'string') return { reason: plan };
  const fields = [...new Set([planCodes(legacy, policy), planOwnCodes(legacy, changesLeft(legacy, now), policy)].flatMap(({ stuck }) => stuck))];
  return fields.length > 0 ? { reason: 'TrackingCodes', fields } : plan;
}

const exists = async (client: WebexClient, id: string, hostEmail: string): Promise<boolean> => (await unlessGone(client.meeting(id, hostEmail))) !== 'gone';

async function runs(client: WebexClient, id: string, hostEmail: string): Promise<boolean> {
  const answer = await unlessGone(client.meeting(id, hostEmail));
  return answer !== 'gone' && isRunning(answer.body);
}

async function resolves(client: WebexClient, { id, hostEmail, number, link }: MeetingIdentity) {
  const known = async (query: object) => {
    const items = await unlessGone(client.meetings({ hostEmail, ...query }));
    return items !== 'gone' && items.length > 0;
  };
  const byId = await exists(client, id, hostEmail);
  const [byNumber, byLink] = [number !== '' && (await known({ meetingNumber: number })), link !== '' && (await known({ webLink: link }))];
  return [...(byId ? ['id' as const] : []), ...(byNumber ? ['number' as const] : []), ...(byLink ? ['link' as const] : [])];
}

/** @throws RelinkFailure `VendorRefused` naming the fields, for this meeting alone */
function read(item: unknown, answer?: HttpAnswer): Meeting {
  const parsed = Meeting.safeParse(item);
  if (!parsed.success) throw unreadable(parsed.error, { answer });
  return parsed.data;
}

function created(answer: HttpAnswer): Meeting {
  const parsed = Meeting.safeParse(answer.body);
  if (!parsed.success) throw unreadableCreation(parsed.error, answer);
  return parsed.data;
}

/** Only what is needed to adopt or delete it: a meeting of ours that cannot be read in full must still be found. */
async function findByTag(client: WebexClient, host: Pick<MeetingRef, 'hostEmail' | 'timezone'>, tag: string): Promise<readonly MeetingRef[]> {
  const [now, then, far] = spansFrom(Date.now());
  const asked = { hostEmail: host.hostEmail, integrationTag: tag, meetingType: 'meetingSeries', current: false };
  const tagged = async (from: Instant, to: Instant) => (await client.meetings({ ...asked, from, to })).flatMap((item) => toTagged(item, host, tag));
  const found = await tagged(now, then);
  return found.length > 0 ? found : tagged(then, far); // where a meeting may be planned, though nobody plans so far ahead
}

function toTagged(item: unknown, { hostEmail, timezone }: Pick<MeetingRef, 'hostEmail' | 'timezone'>, tag: string): readonly MeetingRef[] {
  const { data } = Tagged.safeParse(item);
  return data?.integrationTags.includes(tag) ? [{ vendor: 'webex', site: data.siteUrl ?? '', id: data.id, hostEmail: data.hostEmail ?? hostEmail, timezone }] : [];
}

/** Accounts that may only attend, or not log in, host nothing. Who is listed without sites is asked for meetings all the same. */
function toHost(item: unknown): readonly Host[] {
  const person = Person.safeParse(item);
  if (!person.success) return [];
  const { emails, displayName, siteUrls, timezone, loginEnabled } = person.data;
  const sites = siteUrls?.filter((site) => !site.includes('#'));
  return sites?.length !== 0 && String(loginEnabled) !== 'false' ? emails.map((email) => ({ email, displayName, sites: sites ?? [], timezone })) : [];
}

/** Nobody knows whether they host, or who they are. */
function toUnread(item: unknown): readonly Unreadable[] {
  const person = Person.safeParse(item);
  return person.success ? [] : [{ id: idOf(item), fields: fieldsOf(person.error) }];
}

const mayHost = (person: unknown): boolean => toHost(person).length > 0 || toUnread(person).length > 0;

/**
 * Definitions (first occurrence), and scheduled personal-room meetings, which only the other listing shows. Two lists more for who has a series of their own: what was
 * changed one by one, and, because a series is planned for whatever zone, its next occurrence. To what others have planned nothing is asked.
 */
async function listMeetings(client: WebexClient, host: Host, { from, to }: Window) {
  const asked = { hostEmail: host.email, from, to };
  const series = await client.meetings({ ...asked, meetingType: 'meetingSeries', current: false });
  const rooms = await client.meetings({ ...asked, meetingType: 'scheduledMeeting', scheduledType: 'personalRoomMeeting' });
  const hasSeries = series.some((item) => isDefinition(item) && recurs(item) && !isOfAnother(item, host));
  const changed = changedIn(hasSeries ? await client.meetings({ ...asked, meetingType: 'scheduledMeeting', isModified: true }) : []);
  const next = nextIn(hasSeries ? await client.meetings({ ...asked, meetingType: 'meetingSeries', current: true }) : [], from);
  const meetings = new Map<string, ListedMeeting>();
  const broken: Unreadable[] = [];
  for (const item of [...series.filter(isDefinition), ...rooms.filter(isRoom)]) {
    if (isOfAnother(item, host)) continue;
    const parsed = Meeting.safeParse(item);
    if (!parsed.success) {
      broken.push({ id: idOf(item), fields: fieldsOf(parsed.error) });
      continue;
    }
    const id = isRoom(item) ? seriesOf(parsed.data) : parsed.data.id;
    const shown = toListed(inZone({ ...parsed.data, id }, host.timezone), { from, to }, { changed: changed.get(id), next: next.get(id) });
    meetings.set(id, together(meetings.get(id), shown));
  }
  const guest = series.filter((item) => isDefinition(item) && isOfAnother(item, host)).flatMap((item) => toGuest(item, host));
  return { meetings: [...meetings.values()], unreadable: broken, guest, shown: series.filter((item) => idOf(item) !== WITHOUT_ID).map(toShown) };
}

const named = (item: unknown, field: 'meetingType' | 'scheduledType' | 'hostEmail'): unknown => (item as { readonly [name in typeof field]?: unknown } | null)?.[field];
/** A server that does not know a filter answers with more than was asked for. */
const isDefinition = (item: unknown): boolean => ['meetingSeries', undefined].includes(named(item, 'meetingType') as string | undefined);
const isRoom = (item: unknown): boolean => named(item, 'scheduledType') === 'personalRoomMeeting';

/** Lists show what a person is invited to as well; an entry that does not say whose it is counts as theirs. */
function isOfAnother(item: unknown, { email }: Host): boolean {
  const owner = named(item, 'hostEmail');
  return typeof owner === 'string' && owner.toLowerCase() !== email.toLowerCase();
}

/** What is held in a personal room is listed by its occurrences: it is one meeting, whichever of them is listed. */
const seriesOf = ({ id, meetingSeriesId }: { readonly id: string; readonly meetingSeriesId?: string | undefined }): string => meetingSeriesId ?? id;

/** One meeting of two occurrences: the sooner is held next. */
function together(known: ListedMeeting | undefined, shown: ListedMeeting): ListedMeeting {
  if (!known || known.next?.start === shown.next?.start) return shown;
  const [soonest] = [known, shown].sort((a, b) => ((a.next?.start ?? '') < (b.next?.start ?? '') ? -1 : 1));
  return { ...(soonest ?? shown), hasMore: true };
}

const recurs = (item: unknown): boolean => (item as { readonly recurrence?: unknown } | null)?.recurrence !== undefined;

/**
 * The running or next occurrence of each series, as a list says that was asked for them: as the series, or as that occurrence of it. A server that answers with
 * everything shows others too.
 */
function nextIn(items: readonly unknown[], from: Instant): ReadonlyMap<string, Planned> {
  const next = new Map<string, Planned>();
  for (const { data } of items.map((item) => Occurrence.safeParse(item))) {
    if (data?.id === undefined) continue;
    const key = seriesOf({ ...data, id: data.id });
    const [own, known] = [{ start: new Date(data.start).toISOString(), end: new Date(data.end).toISOString() }, next.get(key)];
    if (!known || known.end <= from || (own.end > from && own.start < known.start)) next.set(key, own);
  }
  return next;
}

/** Of sites on which the guest is at home: what other organisations have planned is none of ours. */
function toGuest(item: unknown, { sites }: Host): readonly MeetingRef[] {
  const { data } = Tagged.safeParse(item);
  const { id, hostEmail, siteUrl } = data ?? {};
  if (id === undefined || hostEmail === undefined || siteUrl === undefined || (sites.length > 0 && !sites.includes(siteUrl))) return [];
  return [{ vendor: 'webex', site: siteUrl, id, hostEmail }];
}

const WITHOUT_ID = 'without id';
function idOf(item: unknown): string {
  const id = (item as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : WITHOUT_ID;
}

/** Occurrences that were changed one by one, by series, as far as lists show them: not those that were deleted. */
function changedIn(items: readonly unknown[]): ReadonlyMap<string, readonly Occurrence[]> {
  const changed = new Map<string, readonly Occurrence[]>();
  for (const { data } of items.map((item) => Occurrence.safeParse(item))) {
    const series = data?.meetingSeriesId;
    if (data?.isModified === true && series !== undefined) changed.set(series, [...(changed.get(series) ?? []), data]);
  }
  return changed;
}

async function readMeeting({ client, trust }: { readonly client: WebexClient; readonly trust: ListTrust }, { id, hostEmail, timezone }: MeetingRef, window: Window, how?: Reading) {
  const memory = how?.memory ?? withinOneReading();
  const told = await trust.meeting({ id, hostEmail }, how?.shown, async () => {
    const answer = await memory.recall(`meeting ${id}`, () => unlessGone(client.meeting(id, hostEmail)));
    return answer === 'gone' ? 'gone' : read(answer.body, answer);
  });
  if (told === 'gone') return 'gone';
  const meeting = inZone(told.meeting, timezone);
  const reading = { client, ref: { id, hostEmail }, window, cuts: cutsOf(occurrencesOf(meeting, window) ?? []), how: { ...how, memory } };
  const first = await readAll(reading, meeting);
  const seen = 'options' in first ? first : settled(await readAll(reading, { ...meeting, ...first }), meeting);
  return told.listed ? { ...seen, listed: true } : seen;
}

/** It follows its rule in no zone that all answers agree on. */
const settled = (again: MeetingSnapshot | Elsewhere, meeting: Meeting): MeetingSnapshot => ('options' in again ? again : toSnapshot(meeting, [], { occurrences: [] }, 'SeriesExceptions'));

interface WholeReading {
  readonly client: WebexClient;
  readonly ref: Pick<MeetingRef, 'id' | 'hostEmail'>;
  readonly window: Window;
  readonly cuts: readonly Instant[];
  readonly how: Reading & Required<Pick<Reading, 'memory'>>;
}

async function readAll({ client, ref: { id, hostEmail }, window, cuts, how }: WholeReading, meeting: Meeting): Promise<MeetingSnapshot | Elsewhere> {
  const { memory } = how;
  const computed = occurrencesOf(meeting, window);
  const refusal = refusalOf(meeting) ?? (computed ? undefined : 'UnknownRecurrence');
  if (refusal || !computed) return toSnapshot(meeting, [], { occurrences: computed ?? [] }, refusal);
  const { parts, partsSince, partsLost } = await memory.recall(`parts ${id}`, () => readParts(client, { id, hostEmail, memory, since: how.partsSince }, meeting));
  const unrepeatable = refusalOfParts(parts);
  if (unrepeatable) return toSnapshot(meeting, [], { occurrences: computed, parts }, unrepeatable);
  const { recurrence } = meeting;
  const held = !recurrence ? { occurrences: computed, changes: [] } : await readOccurrences(client, { meeting, recurrence, computed, cuts, parts }, window, how);
  if (held === 'unclear') return toSnapshot(meeting, [], { occurrences: computed }, 'SeriesExceptions');
  if ('timezone' in held) return held;
  const invitees = await memory.recall(`invitees ${id}`, () => peopleOf(client, { id, hostEmail }));
  return { ...toSnapshot(meeting, invitees, { ...held, changes: genuine(held.changes, meeting, invitees), parts }, undefined), partsSince, ...(partsLost ? { partsLost } : {}) };
}
