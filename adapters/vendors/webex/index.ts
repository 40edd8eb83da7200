import { RelinkFailure } from '../../../domain/failures.js';
import type { Host, Invitee as DomainInvitee, ListedMeeting, MeetingRef, Window } from '../../../domain/meeting.js';
import type { ConferencingVendor, Unreadable } from '../../../domain/ports.js';
import type { HttpAnswer, HttpOptions } from '../../http/client.js';
import { createClient, type WebexClient } from './client.js';
import { INVITEES_INLINE, intendedOptions, kindOf, occurrencesOf, refusalOf, toCreation, toIdentity, toSnapshot } from './map.js';
import { Invitee, Meeting, Person } from './schema.js';

/** Webex Meetings behind the port. See README.md for scopes, limits and sources. */
export function createWebex(options: HttpOptions): ConferencingVendor {
  const client = createClient(options);
  return {
    async listHosts(page) {
      const { items, next } = page === null ? await client.page('/people', { max: 100 }) : await client.page(page);
      return { hosts: items.flatMap(toHost), next };
    },
    listMeetings: (host, window) => listMeetings(client, host, window),
    readMeeting: (ref, window) => readMeeting(client, ref, window),
    async findByTag({ hostEmail }, tag) {
      const to = new Date(Date.now() + 10 * 365 * 86_400_000).toISOString();
      const items = await client.meetings({ hostEmail, integrationTag: tag, meetingType: 'meetingSeries', from: new Date().toISOString(), to });
      return items.map((item) => read(item)).filter(({ integrationTags }) => integrationTags.includes(tag)).map(toIdentity);
    },
    async createReplacement(legacy, policy, tag) {
      const answer = await client.create(toCreation(legacy, policy, tag, Date.now()));
      return { identity: toIdentity(read(answer.body, answer)), trackingId: answer.trackingId, complete: legacy.invitees.length <= INVITEES_INLINE };
    },
    intendedOptions: (legacy, policy) => ({ options: intendedOptions(legacy, policy), lost: [] }),
    ensureInvitees: (ref, invitees) => ensureInvitees(client, ref, invitees),
    async removeMeeting({ id, hostEmail }) {
      const answer = await unlessGone(client.remove(id, hostEmail));
      return answer === 'gone' ? { outcome: 'absent' } : { outcome: 'removed', trackingId: answer.trackingId };
    },
    async resolves({ id, hostEmail, number, link }) {
      const known = async (query: object) => {
        const items = await unlessGone(client.meetings({ hostEmail, ...query }));
        return items !== 'gone' && items.length > 0;
      };
      const byId = (await unlessGone(client.meeting(id, hostEmail))) !== 'gone';
      const [byNumber, byLink] = [number !== '' && (await known({ meetingNumber: number })), link !== '' && (await known({ webLink: link }))];
      return [...(byId ? ['id' as const] : []), ...(byNumber ? ['number' as const] : []), ...(byLink ? ['link' as const] : [])];
    },
    async verify() {
      await client.me();
    },
  };
}

async function unlessGone<T>(call: Promise<T>): Promise<T | 'gone'> {
  try {
    return await call;
  } catch (cause: unknown) {
    if (cause instanceof RelinkFailure && cause.type === 'MeetingGone') return 'gone';
    throw cause;
  }
}

/** @throws RelinkFailure `VendorRefused` naming the fields, for this meeting alone */
function read(item: unknown, answer?: HttpAnswer): Meeting {
  const parsed = Meeting.safeParse(item);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.map(String).join('.'));
  throw new RelinkFailure('VendorRefused', `unreadable fields: ${fields.join(', ')}`, { fields, trackingId: answer?.trackingId });
}

/** Accounts that may only attend, or not log in, host nothing. */
function toHost(item: unknown): readonly Host[] {
  const person = Person.safeParse(item);
  if (!person.success) return [];
  const { emails, displayName, siteUrls, loginEnabled } = person.data;
  const sites = siteUrls.filter((site) => !site.includes('#'));
  return sites.length > 0 && String(loginEnabled) !== 'false' ? emails.map((email) => ({ email, displayName, sites })) : [];
}

/** Definitions (first occurrence), and scheduled personal-room meetings, which only the other listing shows. */
async function listMeetings(client: WebexClient, host: Host, { from, to }: Window) {
  const asked = { hostEmail: host.email, from, to };
  const series = await client.meetings({ ...asked, meetingType: 'meetingSeries', current: false });
  const rooms = await client.meetings({ ...asked, meetingType: 'scheduledMeeting', scheduledType: 'personalRoomMeeting' });
  const modified = await client.meetings({ ...asked, meetingType: 'scheduledMeeting', isModified: true });
  const changed = new Set(modified.map((item) => Meeting.safeParse(item).data?.meetingSeriesId));
  const meetings = new Map<string, ListedMeeting>();
  const unreadable: Unreadable[] = [];
  for (const item of [...series, ...rooms]) {
    const parsed = Meeting.safeParse(item);
    if (!parsed.success) unreadable.push({ id: idOf(item), fields: parsed.error.issues.map(({ path }) => path.map(String).join('.')) });
    else if (parsed.data.hostEmail.toLowerCase() === host.email.toLowerCase()) meetings.set(parsed.data.id, toListed(parsed.data, { from, to }, changed.has(parsed.data.id)));
  }
  return { meetings: [...meetings.values()], unreadable };
}

function idOf(item: unknown): string {
  const id = (item as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : 'without id';
}

function toListed(meeting: Meeting, window: Window, changed: boolean): ListedMeeting {
  const occurrences = occurrencesOf(meeting, window);
  const refusal = refusalOf(meeting) ?? (changed ? 'SeriesExceptions' : occurrences ? undefined : 'UnknownRecurrence');
  const next = occurrences ? occurrences[0] : { start: window.from, end: window.to };
  return { identity: toIdentity(meeting), kind: kindOf(meeting), firstStart: new Date(meeting.start).toISOString(), next, hasMore: (occurrences?.length ?? 2) > 1, refusal, tags: meeting.integrationTags };
}

async function readMeeting(client: WebexClient, { id, hostEmail }: MeetingRef, window: Window) {
  const answer = await unlessGone(client.meeting(id, hostEmail));
  if (answer === 'gone') return 'gone';
  const meeting = read(answer.body, answer);
  const computed = occurrencesOf(meeting, window);
  const refusal = refusalOf(meeting) ?? (await seriesRefusal(client, meeting, computed, window));
  const invitees = refusal ? [] : (await client.invitees({ meetingId: id, hostEmail })).map((item) => Invitee.parse(item));
  return toSnapshot(meeting, invitees, computed ?? [], refusal);
}

/** The rule must give exactly the occurrences that the vendor lists, none of them changed. */
async function seriesRefusal(client: WebexClient, meeting: Meeting, computed: ReturnType<typeof occurrencesOf>, { from, to }: Window) {
  if (!meeting.recurrence) return undefined;
  if (!computed) return 'UnknownRecurrence' as const;
  const items = await client.meetings({ hostEmail: meeting.hostEmail, meetingSeriesId: meeting.id, meetingType: 'scheduledMeeting', from, to });
  const listed = items.map((item) => read(item)).filter(({ end }) => Date.parse(end) > Date.parse(from));
  const starts = new Set(listed.map(({ start }) => Date.parse(start)));
  const exact = listed.length === computed.length && computed.every(({ start }) => starts.has(Date.parse(start)));
  return exact && !listed.some(({ isModified }) => isModified) ? undefined : ('SeriesExceptions' as const);
}

/** bulkInsert is not clearly all-or-nothing, so the list is read first and only who is missing is added. */
async function ensureInvitees(client: WebexClient, { id, hostEmail }: MeetingRef, invitees: readonly DomainInvitee[]) {
  const present = new Set((await client.invitees({ meetingId: id, hostEmail })).map((item) => Invitee.parse(item).email.toLowerCase()));
  const missing = invitees.filter(({ email }) => !present.has(email.toLowerCase()));
  let trackingId: string | undefined;
  for (let i = 0; i < missing.length; i += 100) {
    const items = missing.slice(i, i + 100).map(({ email, displayName, coHost, panelist }) => ({ email, ...(displayName ? { displayName } : {}), coHost, panelist, sendEmail: false }));
    ({ trackingId } = await client.invite({ meetingId: id, hostEmail, items }));
  }
  return { trackingId };
}
