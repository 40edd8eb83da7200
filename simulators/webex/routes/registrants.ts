import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DAY } from '../../support/clock.js';
import { VendorError, badRequest, notFound, type Handler } from '../http.js';
import type { JsonObject, MeetingRecord, Registrant } from '../meeting-record.js';
import { requireAnswers } from '../registration-form.js';
import { page, pageSize } from '../paging.js';
import { meetingOf, type VendorContext } from './context.js';
import { conflict } from './create-meeting.js';
import { parse, RegistrantBody } from './meeting-body.js';

const ManyRegistrants = z.object({ items: z.array(RegistrantBody).min(1) });
const Chosen = z.object({ sendEmail: z.boolean().default(true), registrants: z.array(z.object({ id: z.string() })).min(1) });

/** What a form may require, by the name of the answer. */
const required = { jobTitle: 'requireJobTitle', companyName: 'requireCompanyName', city: 'requireCity', workPhone: 'requireWorkPhone' } as const;

/** Longest stretch of time of one list, and the default. */
const LONGEST = 90 * DAY;
const USUAL = 7 * DAY;

/** `GET /meetings/{meetingId}/registrants`: who registered in a stretch of time, the last seven days by default. */
export const listRegistrants =
  (context: VendorContext): Handler =>
  (request) => {
    const record = registered(context, request.params['meetingId'] ?? '', request.query.get('hostEmail'));
    const asked = (name: string): number | undefined => timeIn(request.query, name);
    const to = asked('registrationTimeTo') ?? (asked('registrationTimeFrom') ?? context.clock.now() - USUAL) + USUAL;
    const from = asked('registrationTimeFrom') ?? to - USUAL;
    if (from > to || to - from > LONGEST) throw badRequest('The interval between registrationTimeFrom and registrationTimeTo must be within 90 days.');
    const listed = record.registrants
      .filter(({ registeredAt }) => registeredAt >= from && registeredAt < to)
      .map((registrant) => ({ key: registrant.email.toLowerCase(), item: () => shown(registrant) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return { ...page(request, listed, pageSize(request.query, 10, 100)), meetingId: record.id };
  };

/** `POST /meetings/{meetingId}/registrants/bulkInsert`: all or none. The form says whether they wait for the host. */
export const addRegistrants =
  (context: VendorContext): Handler =>
  ({ params, query, body }) => {
    const record = registered(context, params['meetingId'] ?? '', query.get('hostEmail'));
    const { items } = parse(ManyRegistrants, body);
    const added = newRegistrants(record, items, context.clock.now());
    record.registrants = [...record.registrants, ...added];
    return { status: 200, body: { items: added.map(shown) }, meetingId: record.id, mailsPeople: items.some(({ sendEmail }) => sendEmail) };
  };

export function newRegistrants({ registrants, options }: Pick<MeetingRecord, 'registrants' | 'options'>, asked: readonly RegistrantBody[], now: number): readonly Registrant[] {
  const form = options['registration'] as JsonObject;
  const known = new Set(registrants.map(({ email }) => email.toLowerCase()));
  return asked.map(({ sendEmail: _mail, ...answers }) => {
    const missing = Object.entries(required).find(([name, requires]) => form[requires] === true && !answers[name as keyof typeof required]);
    if (missing) throw badRequest(`${missing[0]} is required.`);
    requireAnswers({ options }, answers.customizedQuestions ?? []);
    if (known.has(answers.email.toLowerCase())) throw conflict('The registrant has been registered.');
    known.add(answers.email.toLowerCase());
    return { ...answers, id: randomUUID(), status: form['autoAcceptRequest'] === true ? 'approved' : 'pending', registeredAt: now, ...(form['enabledRegistrationId'] === true ? { registrationId: String(randomInt(1_000, 10_000)) } : {}) };
  });
}

/** `POST /meetings/{meetingId}/registrants/approve` and `…/reject` */
export const decideRegistrants =
  (context: VendorContext, status: Registrant['status']): Handler =>
  ({ params, query, body }) => {
    const record = registered(context, params['meetingId'] ?? '', query.get('hostEmail'));
    const { sendEmail, registrants } = parse(Chosen, body);
    const chosen = new Set(registrants.map(({ id }) => id));
    if ([...chosen].some((id) => !record.registrants.some((registrant) => registrant.id === id))) throw notFound();
    record.registrants = record.registrants.map((registrant) => (chosen.has(registrant.id) ? { ...registrant, status } : registrant));
    return { status: 204, meetingId: record.id, mailsPeople: sendEmail };
  };

const shown = ({ registeredAt, ...registrant }: Registrant): JsonObject => ({ ...registrant, registrationTime: new Date(registeredAt).toISOString() });

/** Only a whole meeting has registrants, and only one with a form. */
function registered(context: VendorContext, id: string, hostEmail: string | null): MeetingRecord {
  const record = meetingOf(context, id, hostEmail);
  if (id.includes('_')) throw new VendorError(400, `Meeting ID '${id}' is not supported for this API.`);
  if (record.options['registration'] === undefined) throw badRequest('Registration is not enabled for this meeting.');
  return record;
}

function timeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw badRequest(`${name} is not an ISO 8601 time.`);
  return ms;
}
