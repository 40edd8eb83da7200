import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { publicQuery, type Call, type CallLog } from './call-log.js';
import type { Fault } from './faults.js';
import { VendorError, Router, type VendorRequest } from './http.js';
import type { Limits } from './limits.js';
import { broken, overLimit, refused, send, type Outcome } from './outcome.js';
import { emptyPage } from './paging.js';
import { adminListMeetings, adminReadMeeting } from './routes/admin-meetings.js';
import { listBreakouts, putBreakouts } from './routes/breakout-sessions.js';
import type { VendorContext } from './routes/context.js';
import { createMeeting } from './routes/create-meeting.js';
import { addInterpreter, listInterpreters } from './routes/interpreters.js';
import { addInvitee, addInvitees, listInvitees, removeInvitee } from './routes/invitees.js';
import { listMeetings } from './routes/list-meetings.js';
import { addRegistrants, decideRegistrants, listRegistrants } from './routes/registrants.js';
import { deleteMeeting, readMeeting } from './routes/one-meeting.js';
import { patchMeeting } from './routes/patch-meeting.js';
import { listPeople, readMe, readPerson } from './routes/people.js';
import { changeRoom, readRoom, refreshRooms } from './routes/personal-room.js';
import { reassignHost } from './routes/reassign-host.js';
import { listSessionTypes } from './routes/session-types.js';
import { listTrackingCodes } from './routes/tracking-codes.js';
import type { Tokens } from './tokens.js';

const routerOf = (context: VendorContext): Router =>
  new Router()
    .on('GET', '/v1/people', listPeople(context))
    .on('GET', '/v1/people/me', readMe(context))
    .on('GET', '/v1/people/:personId', readPerson(context))
    .on('GET', '/v1/meetings', listMeetings(context))
    .on('POST', '/v1/meetings', createMeeting(context))
    .on('GET', '/v1/meetings/sessionTypes', listSessionTypes(context))
    .on('GET', '/v1/meetings/trackingCodes', listTrackingCodes(context))
    .on('POST', '/v1/meetings/reassignHost', reassignHost(context))
    .on('GET', '/v1/admin/meetings', adminListMeetings(context))
    .on('GET', '/v1/admin/meetings/:meetingId', adminReadMeeting(context))
    .on('GET', '/v1/meetings/:meetingId', readMeeting(context))
    .on('PATCH', '/v1/meetings/:meetingId', patchMeeting(context))
    .on('DELETE', '/v1/meetings/:meetingId', deleteMeeting(context))
    .on('GET', '/v1/meetings/:meetingId/breakoutSessions', listBreakouts(context))
    .on('PUT', '/v1/meetings/:meetingId/breakoutSessions', putBreakouts(context))
    .on('GET', '/v1/meetings/:meetingId/interpreters', listInterpreters(context))
    .on('POST', '/v1/meetings/:meetingId/interpreters', addInterpreter(context))
    .on('GET', '/v1/meetings/:meetingId/registrants', listRegistrants(context))
    .on('POST', '/v1/meetings/:meetingId/registrants/bulkInsert', addRegistrants(context))
    .on('POST', '/v1/meetings/:meetingId/registrants/approve', decideRegistrants(context, 'approved'))
    .on('POST', '/v1/meetings/:meetingId/registrants/reject', decideRegistrants(context, 'rejected'))
    .on('GET', '/v1/meetingInvitees', listInvitees(context))
    .on('POST', '/v1/meetingInvitees', addInvitee(context))
    .on('POST', '/v1/meetingInvitees/bulkInsert', addInvitees(context))
    .on('DELETE', '/v1/meetingInvitees/:meetingInviteeId', removeInvitee(context))
    .on('GET', '/v1/meetingPreferences/personalMeetingRoom', readRoom(context))
    .on('PUT', '/v1/meetingPreferences/personalMeetingRoom', changeRoom(context))
    .on('POST', '/v1/admin/meetingPreferences/personalMeetingRoom/refreshId', refreshRooms(context));

const lists = ['/v1/people', '/v1/meetings', '/v1/meetingInvitees'];

/** Answers requests under /v1 as the vendor does: token, limits, faults, then the route. */
export function vendor(context: VendorContext, parts: { limits: Limits; log: CallLog; tokens: Tokens }) {
  const router = routerOf(context);
  const { limits, log, tokens } = parts;

  function decide(request: VendorRequest): Outcome {
    if (request.identity === 'unknown') return refused(new VendorError(401, 'The request requires a valid access token set in the Authorization request header.'));
    const tooMany = limits.request(request.identity);
    if (tooMany) return overLimit(tooMany);
    const fault = context.faults.next(request.n, keyOf(request), isPaged(request));
    if (fault?.kind === 'rate-limit') return { ...overLimit({ scope: 'rate', retryAfterMs: fault.retryAfterMs }), fault, refusedBy: null };
    const overQuota = request.method === 'POST' && request.path === '/v1/meetings' ? limits.creation(request.identity, hostOf(request.body)) : null;
    if (overQuota) return overLimit(overQuota);
    if (fault?.kind === 'unavailable-before' || fault?.kind === 'reset-before') return { ...broken(fault), fault };
    return carriedOut(request, fault);
  }

  function carriedOut(request: VendorRequest, fault: Fault | null): Outcome {
    try {
      const { handler, params } = router.find(request.method, request.path);
      const answer = handler({ ...request, params });
      const told = { effect: request.method !== 'GET', refusedBy: null, fault };
      if (fault?.kind === 'unavailable-after' || fault?.kind === 'reset-after') {
        return { ...told, answer: { ...answer, ...broken(fault).answer, headers: {} } };
      }
      return { ...told, answer: fault?.kind === 'empty-page' ? emptyPage(request) : answer };
    } catch (cause) {
      if (!(cause instanceof VendorError)) throw cause;
      return { ...refused(cause), fault };
    }
  }

  return async (message: IncomingMessage, response: ServerResponse, at: { url: URL; origin: string; text: string }, signal: AbortSignal): Promise<void> => {
    const request = requestOf(message, at, { n: log.next(), identity: identityOf(message, tokens) });
    const arrived = context.clock.now();
    const outcome = decide(request);
    log.add(logged(request, outcome, { at: arrived, tick: context.clock.tick(), host: aliasOf(context, request) }));
    if (outcome.fault?.kind === 'slow') await wait(outcome.fault.ms, undefined, { signal });
    send(response, outcome.answer, request.n);
  };
}

const identityOf = ({ headers }: IncomingMessage, tokens: Tokens): string => tokens.identityOf(/^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '');

function requestOf(message: IncomingMessage, { url, origin, text }: { url: URL; origin: string; text: string }, who: { n: number; identity: string }): VendorRequest {
  return { ...who, method: message.method ?? 'GET', path: url.pathname, query: url.searchParams, headers: message.headers, body: json(text), params: {}, origin };
}

function json(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** Looking up a number or a link gives no pages. */
const isPaged = ({ method, path, query }: VendorRequest): boolean => method === 'GET' && lists.includes(path) && !query.has('meetingNumber') && !query.has('webLink');

/** The same request, repeated, has the same key. */
const keyOf = ({ method, path, query, body }: VendorRequest): string => `${method} ${path}?${query.toString()} ${hostOf(body)} ${textOf(body, 'title')}${textOf(body, 'meetingId')}${idsOf(body)}`;
const hostOf = (body: unknown): string => textOf(body, 'hostEmail');
const idsOf = (body: unknown): string => JSON.stringify((body as { readonly meetingIds?: unknown } | undefined)?.meetingIds ?? '');

function textOf(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
}

function aliasOf({ store }: VendorContext, { query, body }: VendorRequest): string | null {
  const email = query.get('hostEmail') ?? hostOf(body);
  return email === '' ? null : store.alias(email);
}

function logged(request: VendorRequest, { answer, fault, effect, refusedBy }: Outcome, when: { at: number; tick: number; host: string | null }): Call {
  const { path, query } = request;
  const named = /^\/v1\/(?:admin\/)?meetings\/(?!sessionTypes$|reassignHost$)([^/_]+)/.exec(path)?.[1] ?? query.get('meetingId')?.split('_')[0] ?? query.get('meetingSeriesId');
  return {
    n: request.n,
    ...when,
    method: request.method,
    path,
    query: publicQuery(query),
    identity: request.identity,
    status: answer.status,
    meetingId: answer.meetingId ?? named,
    fault: fault?.kind ?? null,
    effect,
    refusedBy,
    mailsPeople: effect && answer.mailsPeople === true,
  };
}
