import { z } from 'zod';
import { DAY, MINUTE, YEAR } from '../../support/clock.js';
import { isZone, readTime } from '../../support/zone.js';
import { VendorError, badRequest } from '../http.js';
import { anchored, normaliseRule, type Timing } from '../recurrence.js';

const email = z.string().regex(/^[^@\s]+@[^@\s]+$/, 'must be an email address');
const flags = z.record(z.string(), z.union([z.boolean(), z.string()]));

/** One invitee, in whichever request. */
export const InviteeBody = z.object({
  email,
  displayName: z.string().max(128).optional(),
  coHost: z.boolean().optional(),
  panelist: z.boolean().optional(),
  sendEmail: z.boolean().optional(),
});
export type InviteeBody = z.infer<typeof InviteeBody>;

/** Body of `POST /meetings`, as far as this vendor checks it; everything else passes through untouched. */
const MeetingBody = z.looseObject({
  title: z.string().min(1).max(128),
  agenda: z.string().max(1300).optional(),
  password: z.string().optional(),
  start: z.string(),
  end: z.string(),
  timezone: z.string().refine(isZone, 'must be an IANA time zone').default('UTC'),
  recurrence: z.string().nullish(),
  scheduledType: z.enum(['meeting', 'webinar']).default('meeting'),
  unlockedMeetingJoinSecurity: z.enum(['allowJoin', 'allowJoinWithLobby', 'blockFromJoin']).optional(),
  enabledJoinBeforeHost: z.boolean().optional(),
  publicMeeting: z.boolean().optional(),
  joinBeforeHostMinutes: z.literal([0, 5, 10, 15]).optional(),
  reminderTime: z.number().optional(),
  meetingOptions: flags.optional(),
  attendeePrivileges: flags.optional(),
  audioConnectionOptions: flags.optional(),
  hostEmail: email.optional(),
  siteUrl: z.string().optional(),
  roomId: z.string().optional(),
  registration: z.unknown().optional(),
  sendEmail: z.boolean().default(true),
  integrationTags: z.array(z.string().min(1).max(64)).max(3).default([]),
  invitees: z.array(InviteeBody).max(1000).default([]),
});
export type MeetingBody = z.infer<typeof MeetingBody>;

/** @throws VendorError 400 with one description for each fault. */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest(...parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`));
}

/** @param now milliseconds since the epoch */
export function parseMeeting(body: unknown, now: number): MeetingBody & { readonly timing: Timing } {
  const meeting = parse(MeetingBody, body);
  if (meeting.roomId !== undefined) throw new VendorError(403, 'The user is not a member of the space.');
  if (meeting.registration && meeting.recurrence) throw badRequest('Registration does not apply to a recurring meeting.');
  if (meeting.password !== undefined && !strong(meeting.password)) {
    throw badRequest('Meeting password validation failed. A mix of uppercase and lowercase letters (A, a, B, b, C, c, etc.) is required.');
  }
  return { ...meeting, timing: timingOf(meeting, now) };
}

const strong = (password: string): boolean => password.length >= 8 && /[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password);

/** Seconds are kept, unlike at the vendor: else no rehearsal could have a meeting that ends within seconds. */
function timingOf(meeting: MeetingBody, now: number): Timing {
  const [start, end] = (['start', 'end'] as const).map((name) => {
    const time = readTime(meeting[name], meeting.timezone);
    if (!time) throw badRequest(`${name} is not an ISO 8601 time.`);
    if (!time.offsetFits) throw badRequest(`timezone '${meeting.timezone}' and timezone offset in '${meeting[name]}' do not match.`);
    return time.ms;
  }) as [number, number];
  if (start < now - (now % MINUTE)) throw badRequest('start cannot be before the current time.');
  if (start >= now + 10 * YEAR) throw badRequest('start cannot be ten years or more in the future.');
  if (end - start < 10 * MINUTE || end - start > DAY - MINUTE) throw badRequest('The duration must be between 10 minutes and 23 hours 59 minutes.');
  const recurrence = meeting.recurrence ? normaliseRule(meeting.recurrence) : undefined;
  const timing = recurrence === null ? null : anchored({ start, end, timezone: meeting.timezone, recurrence });
  if (!timing) throw badRequest('recurrence is not a valid rule.');
  return timing;
}
