import { z } from 'zod';
import type { Mailbox } from '../../smtp/mailbox.js';
import type { MailFaults } from '../../smtp/mail-faults.js';
import { MINUTE } from '../../support/clock.js';
import { audit } from '../audit/audit.js';
import type { CallLog } from '../call-log.js';
import { faultProfiles } from '../faults.js';
import { badRequest, notFound, type Answer, type VendorRequest } from '../http.js';
import type { Limits } from '../limits.js';
import type { JsonObject, Kind } from '../meeting-record.js';
import { isHost } from '../people.js';
import type { VendorContext } from '../routes/context.js';
import { parse } from '../routes/meeting-body.js';
import type { Tokens } from '../tokens.js';
import { codeRoutes } from './codes.js';
import { editOccurrence, removeOccurrence } from './occurrence-edits.js';
import { editMeeting, holdMeeting, planMeeting } from './organisers.js';
import { peopleRoutes } from './people.js';
import { inventory, livingMeetings, planted, summary, truth } from './reports.js';
import { livingRooms, renameRoom } from './rooms.js';
import { siteRoutes } from './sites.js';

export interface ControlParts extends VendorContext {
  readonly log: CallLog;
  readonly limits: Limits;
  readonly mailbox: Mailbox;
  readonly mailFaults: MailFaults;
  readonly tokens: Tokens;
  /** Default cut-off. Milliseconds since the epoch. */
  readonly cutoff: number;
  /** Kinds that a campaign is held to replace. */
  readonly supports: ReadonlySet<Kind>;
}

/** An answer of the control API; `text` instead of JSON for a CSV. */
export interface ControlAnswer extends Omit<Answer, 'body'> {
  readonly body?: unknown;
  readonly text?: string;
}

const FaultsBody = z.strictObject({ profile: z.enum(faultProfiles) });
const LimitsBody = z.strictObject({ rpm: z.int().min(1).optional(), createsIdentity: z.int().min(0).optional(), createsHost: z.int().min(0).optional() });
const SiteBody = z.strictObject({ force: z.record(z.string(), z.json()) });
const MailboxBody = z.strictObject({ address: z.string().min(3), refuse: z.enum(['permanent', 'temporary']).nullable() });

/** Requests under /_control: what tests and demos ask of the simulator beside the vendor's API. */
export function control(parts: ControlParts): (request: VendorRequest) => ControlAnswer {
  const { store, rooms, log, mailbox, limits, faults, clock } = parts;
  const ok = (body: unknown): ControlAnswer => ({ status: 200, body });
  const routes: Readonly<Record<string, (request: VendorRequest, id: string, item: string) => ControlAnswer>> = {
    'GET audit': ({ query }) => ok(audited(parts, query)),
    'GET calls': ({ query }) => ok(log.since(Number(query.get('since') ?? 0)).map(({ at, ...call }) => ({ ...call, at: new Date(at).toISOString() }))),
    'GET calls/summary': ({ query }) => ok(summary(log, limits.settings, clock.inReal(MINUTE), { from: time(query, 'from', 0), to: time(query, 'to', Infinity) })),
    'GET meetings': () => ok(livingMeetings(store)),
    'GET people': () => ok([...store.people.values()].filter(isHost).map(({ email, hostSites }) => ({ email, hostSites }))),
    'GET rooms': () => ok(livingRooms(rooms)),
    'GET mails': () => ok(mailbox.mails.map(({ at, ...mail }) => ({ ...mail, at: new Date(at).toISOString() }))),
    'GET truth': ({ query }) => ok(truth(store, { cutoff: time(query, 'cutoff', parts.cutoff), now: clock.now(), supports: parts.supports })),
    'GET inventory': ({ query }) => ({ status: 200, text: inventory(store, time(query, 'at', parts.cutoff)), headers: { 'content-type': 'text/csv' } }),
    'GET planted': () => ok(planted(store, rooms)),
    'POST faults': ({ body }) => {
      faults.profile = parts.mailFaults.profile = parse(FaultsBody, body).profile;
      return { status: 204 };
    },
    'POST limits': ({ body }) => ok((limits.settings = { ...limits.settings, ...defined(parse(LimitsBody, body)) })),
    'POST site': ({ body }) => ok((store.forced = parse(SiteBody, body).force)),
    'POST meetings': ({ body }) => ok(planMeeting(parts, body)),
    'POST meetings/edit': ({ body }, id) => ok(editMeeting(parts, id, body)),
    'POST meetings/hold': ({ body }, id) => {
      holdMeeting(parts, id, body);
      return { status: 204 };
    },
    'POST meetings/delete': (_request, id) => {
      const record = store.get(id);
      if (!record) throw notFound();
      store.remove(record, 'control');
      return { status: 204 };
    },
    'POST meetings/occurrences/edit': ({ body }, id, original) => ok(editOccurrence(parts, id, original, body)),
    'POST meetings/occurrences/delete': (_request, id, original) => {
      removeOccurrence(parts, id, original);
      return { status: 204 };
    },
    'POST rooms/rename': ({ body }, email) => ok(renameRoom(parts, email, body)),
    'POST mailboxes': ({ body }) => {
      const { address, refuse } = parse(MailboxBody, body);
      mailbox.refuse(address, refuse);
      return { status: 204 };
    },
    ...codeRoutes(store),
    ...peopleRoutes(store),
    ...siteRoutes(store),
    ...parts.tokens.control,
  };
  return (request) => {
    const [, , name = '', id = '', verb, item = '', itemVerb] = request.path.split('/').map(decodeURIComponent);
    const key = verb === undefined ? [name, id].filter(Boolean).join('/') : [name, verb, itemVerb].filter(Boolean).join('/');
    const route = routes[`${request.method} ${key}`];
    if (!route) throw notFound();
    return route(request, id, item);
  };
}

function audited(parts: ControlParts, query: URLSearchParams): JsonObject {
  const exclude = (query.get('exclude') ?? '').split(',').filter(Boolean).map((item) => item.trim().toLowerCase());
  const { store, rooms, log, mailbox, clock } = parts;
  return {
    ...audit({
      records: store.all(),
      rooms: rooms.all().filter(({ hostEmail }) => !store.departed.has(hostEmail)),
      departed: new Set(store.departed.keys()),
      calls: log.calls,
      mails: mailbox.mails,
      now: clock.now(),
      cutoff: time(query, 'cutoff', parts.cutoff),
      exclude: new Set(exclude),
      supports: parts.supports,
      mayHost: (email, siteUrl) => store.people.get(email)?.hostSites.includes(siteUrl) === true,
      over: query.get('settled') !== 'no',
    }),
  };
}

/** Milliseconds since the epoch of an ISO time in the query. */
function time(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw badRequest(`${name} is not an ISO 8601 time.`);
  return ms;
}

const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
