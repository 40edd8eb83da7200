import { isZone } from '../../support/zone.js';
import { z } from 'zod';
import { VendorError, badRequest, notFound } from '../http.js';
import type { JsonObject, Registrant } from '../meeting-record.js';
import { edited, withDefaults } from '../options.js';
import { displayName } from '../people.js';
import { newForm } from '../registration-form.js';
import { anchored, normaliseRule, type Timing } from '../recurrence.js';
import { hostOf } from '../routes/context.js';
import type { VendorContext } from '../routes/context.js';
import { uniqueInvitees } from '../routes/create-meeting.js';
import { newBreakouts } from '../routes/breakout-sessions.js';
import { newRegistrants } from '../routes/registrants.js';
import { newInterpretation } from '../routes/interpreters.js';
import { BreakoutBody, InterpreterBody, InviteeBody, parse, RegistrantBody, RegistrationBody } from '../routes/meeting-body.js';
import { seated, webinarOptions, WEBINAR_TYPE } from '../webinars.js';
import { canonicalMeeting } from './canonical-meeting.js';

/** Whole seconds, as the rules of series count. */
export const instantText = z.iso.datetime({ offset: true }).transform((text) => Math.floor(Date.parse(text) / 1000) * 1000);

/** What an organiser prepares beside the meeting itself. */
const partBodies = { breakouts: z.array(BreakoutBody).optional(), interpreters: z.array(InterpreterBody).optional(), registrants: z.array(RegistrantBody.extend({ status: z.enum(['approved', 'pending', 'rejected']), registeredAt: instantText })).optional() };

const PlanBody = z.strictObject({
  hostEmail: z.string(),
  title: z.string().min(1),
  start: instantText,
  end: instantText,
  timezone: z.string().refine(isZone).default('UTC'),
  recurrence: z.string().optional(),
  agenda: z.string().default(''),
  siteUrl: z.string().optional(),
  invitees: z.array(InviteeBody).default([]),
  registration: RegistrationBody.optional(),
  /** By a calendar connector, which writes into the agenda what it likes. */
  connector: z.boolean().default(false),
  /** Where it streams to; absent: nowhere. */
  liveStream: z.record(z.string(), z.json()).optional(),
  /** Settings of a webinar; absent: it is a meeting. */
  webinar: z.record(z.string(), z.json()).optional(),
  /** Values by name, as the site took them once. */
  trackingCodes: z.record(z.string(), z.string().min(1)).default({}),
  ...partBodies,
  /** True time of creation; default now. */
  createdAt: instantText.optional(),
});
const EditBody = z.strictObject({
  title: z.string().min(1).optional(),
  start: instantText.optional(),
  end: instantText.optional(),
  recurrence: z.string().optional(),
  agenda: z.string().optional(),
  password: z.string().min(8).optional(),
  /** Addresses. */
  invitees: z.strictObject({ add: z.array(InviteeBody).default([]), remove: z.array(z.string()).default([]) }).optional(),
  settings: z.record(z.string(), z.json()).optional(),
  ...partBodies,
});
const HoldBody = z.strictObject({ until: instantText });

/** An organiser plans a meeting with the vendor's own clients. Costs no quota; may begin at any time. */
export function planMeeting(context: VendorContext, body: unknown): JsonObject {
  const { hostEmail, siteUrl, invitees, createdAt, title, agenda, breakouts, interpreters, registration, registrants = [], webinar, connector, liveStream, trackingCodes, ...asked } = parse(PlanBody, body);
  const { host, site } = hostOf(context, hostEmail, siteUrl);
  const recurrence = asked.recurrence === undefined ? undefined : normaliseRule(asked.recurrence);
  const timing = recurrence === null ? null : anchored({ ...asked, recurrence });
  if (!timing) throw badRequest('recurrence is not a valid rule.');
  const now = context.clock.now();
  const scheduledType = webinar ? 'webinar' : 'meeting';
  const invited = uniqueInvitees(context.store, invitees, { siteUrl: site, scheduledType });
  const options = withDefaults({ trackingCodes: Object.entries(trackingCodes).map(([name, value]) => ({ name, value })), enabledBreakoutSessions: breakouts !== undefined, ...interpreted(context, interpreters), ...(registration ? { registration: newForm(registration) } : {}), ...(liveStream ? { enabledLiveStream: true, liveStream } : {}), ...(webinar && webinarOptions({ sessionTypeId: Number(WEBINAR_TYPE.id), ...webinar })) });
  const record = context.store.add({
    ...context.store.freshHandles(site),
    origin: 'control',
    createdAt: createdAt ?? now,
    visibleAt: now,
    kind: connector ? 'connector' : webinar ? 'webinar' : recurrence === undefined ? 'single' : 'series',
    hostEmail: host.email,
    hostName: displayName(host),
    hostUserId: host.id,
    siteUrl: site,
    scheduledType,
    options,
    registrants: registeredSoFar({ registrants: [], options }, registrants),
    breakouts: newBreakouts(breakouts ?? [], {}),
    tags: { client: '', tags: [] },
    plan: { ...timing, title, agenda },
    invitees: webinar ? seated(invited, breakouts ?? []) : invited,
  });
  return canonicalMeeting(record);
}

const registeredSoFar = (record: Parameters<typeof newRegistrants>[0], asked: readonly (RegistrantBody & Pick<Registrant, 'status' | 'registeredAt'>)[]): readonly Registrant[] =>
  newRegistrants(record, asked, 0).map((made, i) => ({ ...made, status: asked[i]?.status ?? made.status, registeredAt: asked[i]?.registeredAt ?? 0 }));

const interpreted = ({ store }: VendorContext, interpreters: readonly InterpreterBody[] | undefined): JsonObject =>
  interpreters ? { simultaneousInterpretation: newInterpretation(store, { enabled: true, interpreters: [...interpreters] }) as unknown as JsonObject } : {};

/** An organiser edits a meeting with the vendor's own clients. */
export function editMeeting(context: VendorContext, id: string, body: unknown): JsonObject {
  const record = context.store.get(id);
  if (!record) throw notFound();
  const { start, end, recurrence, password, invitees, settings, breakouts, interpreters, registrants, ...words } = parse(EditBody, body);
  const begins = start ?? record.plan.start;
  const ends = end ?? begins + (record.plan.end - record.plan.start);
  if (ends <= begins) throw new VendorError(400, 'end must be after start.');
  if (breakouts) {
    record.breakouts = newBreakouts(breakouts, record.options);
    record.options = { ...record.options, enabledBreakoutSessions: true };
  }
  if (registrants) record.registrants = registeredSoFar({ registrants: [], options: record.options }, registrants);
  record.options = { ...(edited(record.options, settings ?? {}) ?? record.options), ...interpreted(context, interpreters) };
  if (password !== undefined) record.password = password;
  if (invitees) {
    for (const email of invitees.remove) context.store.uninvite(record, email);
    context.store.invite(record, uniqueInvitees(context.store, invitees.add, record));
  }
  context.store.edit(record, { ...record.plan, ...replanned({ ...record.plan, start: begins, end: ends }, recurrence), ...words }, 'control');
  return canonicalMeeting(record);
}

/** People are in it until then, whatever is planned; a time that is past ends that. */
export function holdMeeting(context: VendorContext, id: string, body: unknown): void {
  const record = context.store.get(id);
  if (!record) throw notFound();
  record.heldUntil = parse(HoldBody, body).until;
}

/** Other times, and another rule where there is one. */
function replanned(timing: Timing, asked: string | undefined): Timing {
  if (asked === undefined) return timing;
  const recurrence = normaliseRule(asked);
  const anew = recurrence === null ? null : anchored({ ...timing, recurrence });
  if (!anew) throw badRequest('recurrence is not a valid rule.');
  return anew;
}
