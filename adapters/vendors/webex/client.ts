import parseLink from 'http-link-header';
import { createHttp, type HttpAnswer, type HttpOptions } from '../../http/client.js';
import { RelinkFailure } from '../../../domain/failures.js';
import { PageSizes } from './page-size.js';
import { Page } from './schema.js';

/** https://developer.webex.com/docs/integrations: renews the tokens of an integration and of a service app alike. */
export const TOKEN_PATH = '/access_token';

/** Of a PATCH, as the vendor's document says, although the body is a part of a meeting and no list of operations; and what it would be elsewhere. */
const DOCUMENTED_TYPE = 'application/json-patch+json';
const PLAIN_TYPE = 'application/json';

/** In a row. */
const MOST_EMPTY = 50;

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Endpoints of https://developer.webex.com/docs/meetings, one request each. */
export function createClient(options: HttpOptions) {
  const http = createHttp(options);
  const { first, all } = createPages(http, options);
  const sizes = new PageSizes();
  const listOf = (path: string, { hostEmail = '', meetingSeriesId = '' }: Query) => `${path} ${String(hostEmail)} ${String(meetingSeriesId)}`;
  const whole = (path: string, query: Query) => sizes.within(listOf(path, query), (max) => all(path, { max, ...query }));
  const start = (path: string, query: Query = {}) => sizes.within(listOf(path, query), (max) => first(path, { max, ...query }));
  return {
    /** One page that says something. `page` is the `next` of the one before, `null` for the first. */
    async people(page: string | null) {
      const found = page === null ? await start('/people') : await first(page);
      if (page !== null && found.next === page) throw new RelinkFailure('VendorUnavailable', 'a list that leads back to itself');
      return found;
    },
    peopleNamed: (email: string) => whole('/people', { email }),
    meetings: (query: Query) => whole('/meetings', query),
    firstMeetings: (query: Query) => start('/meetings', query),
    invitees: (query: Query) => whole('/meetingInvitees', query),
    /** What the host may plan on a site; the vendor gives no pages. */
    sessionTypes: async (query: Query) => itemsOf(await http({ method: 'GET', path: '/meetings/sessionTypes', query })),
    /** Codes of a site and what this host may give them; no pages either. */
    trackingCodes: async (query: Query) => itemsOf(await http({ method: 'GET', path: '/meetings/trackingCodes', query })),
    me: () => http({ method: 'GET', path: '/people/me' }),
    meeting: (id: string, hostEmail: string): Promise<HttpAnswer> => http({ method: 'GET', path: `/meetings/${encodeURIComponent(id)}`, query: { hostEmail, current: false } }),
    create: (body: object, lastLook?: () => Promise<void>) => http({ method: 'POST', path: '/meetings', body, ...(lastLook ? { lastLook } : {}) }),
    change: createChange(http),
    uninvite: (id: string, hostEmail: string) => http({ method: 'DELETE', path: `/meetingInvitees/${encodeURIComponent(id)}`, query: { hostEmail, sendEmail: false } }),
    invite: (body: object) => http({ method: 'POST', path: '/meetingInvitees/bulkInsert', body }),
    /** Whoever the host is; what is secret is left out. The vendor gives no pages. */
    adminMeetings: async (query: Query) => itemsOf(await http({ method: 'GET', path: '/admin/meetings', query: { ...query, current: false } })),
    adminMeeting: (id: string): Promise<HttpAnswer> => http({ method: 'GET', path: `/admin/meetings/${encodeURIComponent(id)}`, query: { current: false } }),
    /** Of this one the vendor takes the site in a header. */
    reassign: (siteUrl: string, body: object, lastLook?: () => Promise<void>) => http({ method: 'POST', path: '/meetings/reassignHost', headers: { siteUrl }, body, ...(lastLook ? { lastLook } : {}) }),
    room: (userEmail: string, siteUrl?: string) => http({ method: 'GET', path: '/meetingPreferences/personalMeetingRoom', query: { userEmail, siteUrl } }),
    refreshRooms: (body: object, lastLook?: () => Promise<void>) => http({ method: 'POST', path: '/admin/meetingPreferences/personalMeetingRoom/refreshId', body, ...(lastLook ? { lastLook } : {}) }),
    /** Of this one the vendor takes the host in a header, and gives no pages. */
    breakoutSessions: async (id: string, hostEmail: string) => itemsOf(await http({ method: 'GET', path: `/meetings/${encodeURIComponent(id)}/breakoutSessions`, headers: { hostEmail } })),
    putBreakoutSessions: (id: string, body: object) => http({ method: 'PUT', path: `/meetings/${encodeURIComponent(id)}/breakoutSessions`, body }),
    interpreters: (id: string, hostEmail: string) => all(`/meetings/${encodeURIComponent(id)}/interpreters`, { hostEmail }),
    addInterpreter: (id: string, body: object) => http({ method: 'POST', path: `/meetings/${encodeURIComponent(id)}/interpreters`, body }),
    registrants: (id: string, query: Query) => whole(`/meetings/${encodeURIComponent(id)}/registrants`, query),
    addRegistrants: (id: string, hostEmail: string, body: object) => http({ method: 'POST', path: `/meetings/${encodeURIComponent(id)}/registrants/bulkInsert`, query: { hostEmail }, body }),
    decideRegistrants: (id: string, hostEmail: string, verb: 'approve' | 'reject', body: object) => http({ method: 'POST', path: `/meetings/${encodeURIComponent(id)}/registrants/${verb}`, query: { hostEmail }, body }),
    remove: (id: string, hostEmail: string) => http({ method: 'DELETE', path: `/meetings/${encodeURIComponent(id)}`, query: { hostEmail, sendEmail: false } }),
  };
}

/** A media type that is not taken (415) has changed nothing, so the other one is tried at once, and the one that is taken is kept. */
function createChange(http: Http): (id: string, body: object) => Promise<HttpAnswer> {
  let taken = DOCUMENTED_TYPE;
  return async (id, body) => {
    const send = (contentType: string) => http({ method: 'PATCH', path: `/meetings/${encodeURIComponent(id)}`, body, contentType });
    const other = taken === DOCUMENTED_TYPE ? PLAIN_TYPE : DOCUMENTED_TYPE;
    try {
      return await send(taken);
    } catch (cause: unknown) {
      if (!(cause instanceof RelinkFailure) || cause.facts.status !== 415) throw cause;
      const answer = await send(other);
      taken = other;
      return answer;
    }
  };
}

/** Lists, page by page. */
function createPages(http: Http, options: Pick<HttpOptions, 'baseUrl'>) {
  const prefix = new URL(options.baseUrl).pathname.replace(/\/$/, '');

  /** Follows `next` on our own origin only, whatever host it names; empty pages are followed too. */
  async function page(path: string, query?: Query): Promise<{ readonly items: readonly unknown[]; readonly next: string | null }> {
    const answer = await http({ method: 'GET', path, ...(query ? { query } : {}) });
    return { items: itemsOf(answer), next: nextOf(answer) };
  }
  function nextOf({ link, trackingId }: HttpAnswer): string | null {
    try {
      const next = link ? parseLink.parse(link).rel('next')[0]?.uri : undefined;
      return next ? below(next) : null;
    } catch {
      throw new RelinkFailure('VendorRefused', 'a list whose next page cannot be read', { fields: ['link'], trackingId });
    }
  }
  const below = (uri: string): string => {
    const { pathname, search } = new URL(uri, options.baseUrl);
    return `${pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname}${search}`;
  };
  /** The first page that says something, and whether there may be more. */
  async function first(path: string, query?: Query): Promise<{ readonly items: readonly unknown[]; readonly next: string | null }> {
    let found = await page(path, query);
    for (let empty = 1; found.items.length === 0 && found.next !== null; empty += 1) {
      if (empty > MOST_EMPTY) throw new RelinkFailure('VendorUnavailable', 'a list of empty pages');
      found = await page(found.next);
    }
    return found;
  }
  async function all(path: string, query: Query): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    const followed = new Set<string>();
    let found = await page(path, query);
    for (let empty = 0; ; ) {
      items.push(...found.items);
      if (found.next === null) return items;
      empty = found.items.length === 0 ? empty + 1 : 0;
      if (empty > MOST_EMPTY) throw new RelinkFailure('VendorUnavailable', 'a list of empty pages');
      // An empty page may lead to itself until the vendor has caught up; one that says something may not.
      if (empty === 0 && followed.has(found.next)) throw new RelinkFailure('VendorRefused', 'a list that leads back to itself', { fields: ['link'] });
      if (empty === 0) followed.add(found.next);
      found = await page(found.next);
    }
  }
  return { first, all };
}

function itemsOf({ body, trackingId }: HttpAnswer): readonly unknown[] {
  const parsed = Page.safeParse(body);
  if (!parsed.success) throw new RelinkFailure('VendorRefused', 'a list without items', { fields: ['items'], trackingId });
  return parsed.data.items;
}

type Http = ReturnType<typeof createHttp>;
export type WebexClient = ReturnType<typeof createClient>;
