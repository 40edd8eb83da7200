import { VendorError, badRequest, type Handler } from '../http.js';
import type { JsonObject, StoredInvitee } from '../meeting-record.js';
import { withDefaults } from '../options.js';
import { displayName, isHost } from '../people.js';
import { seriesObject } from '../render.js';
import type { Store } from '../store.js';
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
    const options = optionsOf(context.store, body);
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
      invitees: uniqueInvitees(context.store, body.invitees, site),
    });
    return { status: 200, body: seriesObject(record, viewOf(context, request)), meetingId: record.id, mailsPeople: body.sendEmail };
  };

/** Breakout sessions that are named switch themselves on; interpreters get ids. */
function optionsOf(store: Store, body: MeetingBody): JsonObject {
  const { enabledBreakoutSessions, breakoutSessions, simultaneousInterpretation } = body;
  if (breakoutSessions.length > 0 && enabledBreakoutSessions === false) throw badRequest('Breakout sessions are not enabled for this meeting.');
  const interpretation = simultaneousInterpretation && { simultaneousInterpretation: newInterpretation(store, simultaneousInterpretation) as unknown as JsonObject };
  return withDefaults({ ...(body as JsonObject), enabledBreakoutSessions: enabledBreakoutSessions ?? breakoutSessions.length > 0, ...interpretation }, store.forced);
}

/** @throws VendorError 400 when an address comes twice. */
export function uniqueInvitees(store: Store, invitees: readonly InviteeBody[], site: string): readonly Omit<StoredInvitee, 'id'>[] {
  if (new Set(invitees.map(({ email }) => email.toLowerCase())).size < invitees.length) throw badRequest('Each invitee should have a unique email.');
  return invitees.map((invitee) => asInvitee(store, invitee, site));
}

/** Accounts keep their own name; who has no host account on the site is quietly no co-host. */
export function asInvitee(store: Store, { email, displayName: asked, coHost, panelist }: InviteeBody, site: string): Omit<StoredInvitee, 'id'> {
  const account = store.people.get(email.toLowerCase());
  return {
    email,
    displayName: account ? displayName(account) : (asked ?? email),
    coHost: coHost === true && account !== undefined && isHost(account) && account.hostSites.includes(site),
    panelist: panelist ?? false,
  };
}

export const conflict = (message: string): VendorError => new VendorError(409, message);
