import { VendorError, badRequest, type Handler } from '../http.js';
import type { JsonObject, MeetingRecord } from '../meeting-record.js';
import { asSuiteReads, withDefaults } from '../options.js';
import { displayName, isHost } from '../people.js';
import { newForm } from '../registration-form.js';
import { seriesObject } from '../render.js';
import type { NewInvitee, Store } from '../store.js';
import { requireFitting, requireLicence, seated, webinarOptions } from '../webinars.js';
import { newBreakouts } from './breakout-sessions.js';
import { hostOf, viewOf, type VendorContext } from './context.js';
import { newInterpretation } from './interpreters.js';
import { parseMeeting, type InviteeBody, type MeetingBody } from './meeting-body.js';

/** `POST /meetings`. Answers 200, not 201. */
export const createMeeting =
  (context: VendorContext): Handler =>
  (request) => {
    const now = context.clock.now();
    const { timing, ...body } = parseMeeting(request.body, now);
    const { host, site } = hostOf(context, body.hostEmail, body.siteUrl);
    requireLicence(context.store, { scheduledType: body.scheduledType, hostEmail: host.email }, body.sessionTypeId);
    requireFitting(body, body as JsonObject);
    const isSuite = context.store.suites.has(site);
    const options = { ...optionsOf(context.store, body, isSuite), trackingCodes: context.store.codes.given(site, host.email, body['trackingCodes']) };
    const breakouts = newBreakouts(body.breakoutSessions, options);
    const handles = context.store.freshHandles(site);
    const record = context.store.add({
      ...handles,
      password: body.password ?? handles.password,
      origin: 'api',
      createdAt: now,
      visibleAt: now + context.faults.listLagMs(request.n),
      kind: body.scheduledType === 'webinar' ? 'webinar' : timing.recurrence === undefined ? 'single' : 'series',
      hostEmail: host.email,
      hostName: displayName(host),
      hostUserId: host.id,
      siteUrl: site,
      scheduledType: body.scheduledType,
      options,
      breakouts,
      tags: { client: request.identity, tags: body.integrationTags },
      plan: { ...timing, title: body.title, agenda: body.agenda ?? '' },
      invitees: invited(context.store, body, site),
    });
    const headers = isSuite ? { headers: suiteWarning(site) } : {};
    return { status: 200, body: seriesObject(record, { ...viewOf(context, request), timezone: timing.timezone }), ...headers, meetingId: record.id, mailsPeople: body.sendEmail };
  };

/** Breakout sessions that are named switch themselves on; interpreters and questions get ids. */
function optionsOf(store: Store, body: MeetingBody, isSuite: boolean): JsonObject {
  const { enabledBreakoutSessions, breakoutSessions, simultaneousInterpretation, registration } = body;
  if (breakoutSessions.length > 0 && enabledBreakoutSessions === false) throw badRequest('Breakout sessions are not enabled for this meeting.');
  const interpretation = simultaneousInterpretation && { simultaneousInterpretation: newInterpretation(store, simultaneousInterpretation) as unknown as JsonObject };
  const asked = body.scheduledType === 'webinar' ? webinarOptions(body as JsonObject) : (body as JsonObject);
  return withDefaults({ ...(isSuite ? asSuiteReads(asked) : asked), enabledBreakoutSessions: enabledBreakoutSessions ?? breakoutSessions.length > 0, ...interpretation, ...(registration ? { registration: newForm(registration) } : {}) }, store.forced);
}

/** Its code is in the vendor's text; its form is that of RFC 7234. */
export const suiteWarning = (site: string): Readonly<Record<string, string>> => ({ warning: `1001 ${site} "Some attributes are not supported by the Webex Suite meeting platform and were ignored."` });

function invited(store: Store, body: MeetingBody, siteUrl: string): readonly NewInvitee[] {
  const invitees = uniqueInvitees(store, body.invitees, { siteUrl, scheduledType: body.scheduledType });
  return body.scheduledType === 'webinar' ? seated(invitees, body.breakoutSessions) : invitees;
}

type Place = Pick<MeetingRecord, 'siteUrl' | 'scheduledType'>;

/** @throws VendorError 400 when an address comes twice. */
export function uniqueInvitees(store: Store, invitees: readonly InviteeBody[], place: Place): readonly NewInvitee[] {
  if (new Set(invitees.map(({ email }) => email.toLowerCase())).size < invitees.length) throw badRequest('Each invitee should have a unique email.');
  return invitees.map((invitee) => asInvitee(store, invitee, place));
}

/** Accounts keep their own name; who has no host account on the site is quietly no co-host, and nobody is a panelist but of a webinar. */
export function asInvitee(store: Store, { email, displayName: asked, coHost, panelist }: InviteeBody, { siteUrl, scheduledType }: Place): NewInvitee {
  const account = store.people.get(email.toLowerCase());
  return {
    email,
    displayName: account ? displayName(account) : (asked ?? email),
    coHost: coHost === true && account !== undefined && isHost(account) && account.hostSites.includes(siteUrl),
    panelist: panelist === true && scheduledType === 'webinar',
  };
}

export const conflict = (message: string): VendorError => new VendorError(409, message);
