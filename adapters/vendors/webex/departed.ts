import type { DepartedMeetings, MeetingHandle } from '../../../domain/departed.js';
import { classify, RelinkFailure } from '../../../domain/failures.js';
import type { ListedMeeting, MeetingRef, Window } from '../../../domain/meeting.js';
import type { Written } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { unlessGone, unreadable } from './errors.js';
import { toListed } from './listed.js';
import { AdminMeeting, Meeting, MultiStatus, Owned } from './schema.js';

/** A calendar is full of links to other services. */
const OWN_LINK = /^[a-z0-9.-]+\.webex\.com(?:\.cn)?\//;

/**
 * Meetings of hosts who left: https://developer.webex.com/docs/api/v1/meetings/list-meetings-by-an-admin
 *
 * @param mayHost of an entry of GET /people
 */
export const createDeparted = (client: WebexClient, mayHost: (person: unknown) => boolean): DepartedMeetings => ({
  async find(handle, window) {
    const found = await lookUp(client, handle);
    const whole = found && (await wholeOf(client, found));
    return whole ? listed(whole, handle, window) : 'none';
  },
  async hostOf(id) {
    const found = await byId(client, id);
    if (found === undefined) return undefined;
    const parsed = Owned.safeParse(found);
    if (!parsed.success) throw unreadable(parsed.error);
    return parsed.data.hostEmail;
  },
  async hasLeft(email) {
    const people = await unlessGone(client.peopleNamed(email));
    return people === 'gone' || !people.some(mayHost);
  },
  reassign: (ref, to, lastLook) => reassign(client, ref, to, lastLook),
});

/** `undefined`: there is none. */
async function lookUp(client: WebexClient, { by, key }: MeetingHandle): Promise<unknown> {
  if (by === 'id') return byId(client, key);
  if (by === 'link' && !OWN_LINK.test(key)) return undefined;
  const items = await orNothing(client.adminMeetings(by === 'number' ? { meetingNumber: key } : { webLink: `https://${key}` }));
  return items?.[0];
}

const byId = async (client: WebexClient, id: string): Promise<unknown> => (await orNothing(client.adminMeeting(id)))?.body;

/** Nothing there, or nothing that the vendor takes for a number, a link or an id: evidence names much that is not ours. */
async function orNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    const answer = await unlessGone(call);
    return answer === 'gone' ? undefined : answer;
  } catch (cause: unknown) {
    if (cause instanceof RelinkFailure && cause.facts.status === 400) return undefined;
    throw cause;
  }
}

/** A number or a link may be that of one occurrence, whatever was asked for. */
async function wholeOf(client: WebexClient, found: unknown): Promise<unknown> {
  const { data } = AdminMeeting.safeParse(found);
  if (!data || data.meetingType === 'meetingSeries' || data.meetingSeriesId === undefined) return found;
  return byId(client, data.meetingSeriesId);
}

/** The link is not shown: the one that was asked for is known to be one of its links. @throws RelinkFailure `VendorRefused` naming fields */
function listed(item: unknown, { by, key }: MeetingHandle, window: Window): ListedMeeting {
  const parsed = Meeting.safeParse(typeof item === 'object' ? { ...item, webLink: by === 'link' ? `https://${key}` : '' } : item);
  if (!parsed.success) throw unreadable(parsed.error);
  return toListed(parsed.data, window);
}

/** https://developer.webex.com/docs/api/v1/meetings/reassign-meetings-to-a-new-host: up to a hundred at once; each of ours is one step of its own. */
async function reassign(client: WebexClient, { id, site }: MeetingRef, to: string, lastLook?: () => Promise<void>): Promise<Written> {
  const { body, trackingId } = await client.reassign(site, { hostEmail: to, meetingIds: [id] }, lastLook).catch((cause: unknown) => {
    throw asRefusal(cause);
  });
  if (body === null) return { trackingId };
  const parsed = MultiStatus.safeParse(body);
  if (!parsed.success) throw new RelinkFailure('NetworkAmbiguous', 'the answer to a reassignment cannot be read', { trackingId });
  const status = Number(parsed.data.items.find(({ meetingId }) => meetingId === id)?.httpStatus ?? 204);
  if (status < 300) return { trackingId };
  throw notGiven(status, trackingId);
}

/** The request as a whole was refused: the new host is nobody, or may not host there. */
const asRefusal = (cause: unknown): unknown =>
  cause instanceof RelinkFailure && (cause.type === 'VendorRefused' || cause.type === 'Forbidden') && cause.facts.status !== undefined ? notGiven(cause.facts.status, cause.facts.trackingId) : cause;

/** What patience solves keeps its name. */
function notGiven(status: number, trackingId: string | undefined): RelinkFailure {
  const type = classify({ status, mayHaveTakenEffect: true });
  const lasting = type === undefined || type === 'VendorRefused' || type === 'Forbidden' || type === 'Unauthorised' || type === 'MeetingGone';
  return new RelinkFailure(lasting ? 'NotReassigned' : type, `not reassigned: status ${status}`, { status, trackingId });
}
