import { z } from 'zod';
import { DAY, MINUTE, YEAR } from '../../support/clock.js';
import { isZone, readTime } from '../../support/zone.js';
import { VendorError, badRequest } from '../http.js';
import { questionTypes } from '../registration-form.js';
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

/** One breakout session, in whichever request. */
export const BreakoutBody = z.object({ name: z.string().min(1), invitees: z.array(z.string()).default([]) });
export type BreakoutBody = z.infer<typeof BreakoutBody>;

/** Somebody who registers. */
export const RegistrantBody = z.object({
  email,
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  jobTitle: z.string().optional(),
  companyName: z.string().optional(),
  city: z.string().optional(),
  workPhone: z.string().optional(),
  customizedQuestions: z.array(z.object({ questionId: z.number(), answers: z.array(z.object({ optionId: z.number().optional(), answer: z.string() })) })).optional(),
  sendEmail: z.boolean().default(true),
});
export type RegistrantBody = z.infer<typeof RegistrantBody>;

/** One question of an organiser's own. Rules of approval are dropped. */
const QuestionBody = z.object({
  question: z.string().min(1),
  type: z.enum(questionTypes),
  required: z.boolean().optional(),
  maxLength: z.number().min(0).max(999).optional(),
  options: z.array(z.object({ value: z.string().min(1) })).optional(),
});
/** A form with which people register, in whichever request; what people are asked by the vendor passes through untouched. */
export const RegistrationBody = z.object({ customizedQuestions: z.array(QuestionBody).optional() }).catchall(z.json());

const language = z.string().regex(/^[a-z]{2}$/, 'must be an ISO 639-1 code');

/** One interpreter, in whichever request. */
export const InterpreterBody = z.object({ languageCode1: language, languageCode2: language, email: email.optional(), displayName: z.string().optional() });
export type InterpreterBody = z.infer<typeof InterpreterBody>;
export const NewInterpreterBody = InterpreterBody.extend({ hostEmail: z.string().optional(), sendEmail: z.boolean().default(true) });
export const InterpretationBody = z.object({ enabled: z.boolean(), interpreters: z.array(InterpreterBody).default([]) });
export type InterpretationBody = z.infer<typeof InterpretationBody>;

/** Where a meeting streams to. */
const LiveStreamBody = z.looseObject({ destination: z.string(), rtmpUrl: z.string().min(1), streamUrl: z.string() });

const title = z.string().min(1).max(128);
const agenda = z.string().max(1300);
const timezone = z.string().refine(isZone, 'must be an IANA time zone');
const integrationTags = z.array(z.string().min(1).max(64)).max(3);

/** What creation and edit have in common, as far as this vendor checks it; everything else passes through untouched. */
const common = {
  password: z.string().optional(),
  panelistPassword: z.string().optional(),
  sessionTypeId: z.number().optional(),
  requireAttendeeLogin: z.boolean().optional(),
  restrictToInvitees: z.boolean().optional(),
  enabledWebcastView: z.boolean().optional(),
  recurrence: z.string().nullish(),
  unlockedMeetingJoinSecurity: z.enum(['allowJoin', 'allowJoinWithLobby', 'blockFromJoin']).optional(),
  enabledJoinBeforeHost: z.boolean().optional(),
  publicMeeting: z.boolean().optional(),
  joinBeforeHostMinutes: z.literal([0, 5, 10, 15, 30, 45, 60]).optional(),
  reminderTime: z.number().optional(),
  meetingOptions: flags.optional(),
  attendeePrivileges: flags.optional(),
  audioConnectionOptions: flags.optional(),
  enabledLiveStream: z.boolean().optional(),
  liveStream: LiveStreamBody.optional(),
  hostEmail: email.optional(),
  sendEmail: z.boolean().default(true),
};

/** Body of `POST /meetings`. */
const MeetingBody = z.looseObject({
  ...common,
  title,
  agenda: agenda.optional(),
  start: z.string(),
  end: z.string(),
  timezone: timezone.default('UTC'),
  scheduledType: z.enum(['meeting', 'webinar']).default('meeting'),
  siteUrl: z.string().optional(),
  roomId: z.string().optional(),
  registration: RegistrationBody.optional(),
  enabledBreakoutSessions: z.boolean().optional(),
  breakoutSessions: z.array(BreakoutBody).default([]),
  simultaneousInterpretation: InterpretationBody.optional(),
  integrationTags: integrationTags.default([]),
  invitees: z.array(InviteeBody).max(1000).default([]),
});
export type MeetingBody = z.infer<typeof MeetingBody>;

/** Body of `PATCH /meetings/{meetingId}`. Nothing is required; `null` clears. */
export const PatchBody = z.looseObject({
  ...common,
  title: title.optional(),
  agenda: agenda.nullish(),
  start: z.string().optional(),
  end: z.string().optional(),
  timezone: timezone.optional(),
  integrationTags: integrationTags.nullish(),
});
export type PatchBody = z.infer<typeof PatchBody>;

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
  if (meeting.enabledLiveStream === true && !meeting.liveStream) throw badRequest('liveStream must be specified.');
  if (meeting.registration && meeting.recurrence) throw badRequest('Registration does not apply to a recurring meeting.');
  requireStrong(meeting.password);
  requireStrong(meeting.panelistPassword);
  return { ...meeting, timing: timingOf(meeting, now) };
}

export function requireStrong(password: string | undefined): void {
  if (password === undefined || (password.length >= 8 && /[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password))) return;
  throw badRequest('Meeting password validation failed. A mix of uppercase and lowercase letters (A, a, B, b, C, c, etc.) is required.');
}

/** Seconds are kept, unlike at the vendor: else no rehearsal could have a meeting that ends within seconds. */
export function timeOf(name: 'start' | 'end', text: string, zone: string): number {
  const time = readTime(text, zone);
  if (!time) throw badRequest(`${name} is not an ISO 8601 time.`);
  if (!time.offsetFits) throw badRequest(`timezone '${zone}' and timezone offset in '${text}' do not match.`);
  return time.ms;
}

export function requireTimes({ start, end }: { start: number; end: number }, now: number): void {
  if (start < now - (now % MINUTE)) throw badRequest("Parameter 'start' or 'end' is before current time.");
  if (start >= now + 10 * YEAR) throw badRequest('start cannot be ten years or more in the future.');
  if (end - start < 10 * MINUTE || end - start > DAY - MINUTE) throw badRequest('The duration must be between 10 minutes and 23 hours 59 minutes.');
}

function timingOf(meeting: MeetingBody, now: number): Timing {
  const [start, end] = [timeOf('start', meeting.start, meeting.timezone), timeOf('end', meeting.end, meeting.timezone)];
  requireTimes({ start, end }, now);
  const recurrence = meeting.recurrence ? normaliseRule(meeting.recurrence) : undefined;
  const timing = recurrence === null ? null : anchored({ start, end, timezone: meeting.timezone, recurrence });
  if (!timing) throw badRequest('recurrence is not a valid rule.');
  return timing;
}
