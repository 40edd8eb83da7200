import { createVendor } from '../../adapters/vendors/index.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { MeetingRef, MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import type { Asked, Reply, ScriptedVendor } from './scripted-vendor.js';

const DAY = 86_400_000;

export type Json = Readonly<Record<string, unknown>>;
export const HOST = 'robin@example.org';
export const REF: MeetingRef = { vendor: 'webex', site: 'meet.example.org', id: 'm1', hostEmail: HOST };
export const aHost = { email: HOST, displayName: 'Robin Vos', sites: ['meet.example.org'] };
export const policy = { lobby: 'required', joinBeforeHost: false } as const;
export const html = (status: number): string => `<html><body>${status} wobbly-gateway-prose</body></html>`;

/** Midnight UTC so many days from today, plus hours: tests compare with it, so it never depends on the moment. */
const TODAY = Math.floor(Date.now() / DAY) * DAY;
export const day = (days: number, hours = 10): string => new Date(TODAY + days * DAY + hours * 3_600_000).toISOString();
/** From today on, `days` long. */
export const aWindow = (days = 400): { from: string; to: string } => ({ from: day(0, 0), to: day(days, 0) });

/** A meeting as GET /meetings/{id} shows it. A field that is `undefined` is not sent. */
export const aMeeting = (changes: Json = {}): Json => ({
  id: REF.id,
  meetingNumber: '25501110001',
  title: 'Vorla Teskum',
  password: 'Pw-legacy-1',
  meetingType: 'meetingSeries',
  scheduledType: 'meeting',
  state: 'active',
  timezone: 'UTC',
  start: day(3),
  end: day(3, 11),
  hostEmail: HOST,
  hostDisplayName: 'Robin Vos',
  siteUrl: REF.site,
  webLink: 'https://meet.example.org/j.php?MTID=m1',
  sipAddress: '25501110001@meet.example.org',
  telephony: { accessCode: '25501110001' },
  ...changes,
});

/** A daily series of ten. */
export const aSeries = (changes: Json = {}): Json => aMeeting({ recurrence: 'FREQ=DAILY;INTERVAL=1;COUNT=10', ...changes });

/** As the vendor names an occurrence: by the start that the rule gives it. */
export const occurrenceId = (series: Json, original: string): string => `${String(series['id'])}_${new Date(original).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

/** Its occurrences as a list shows them, one a day, without `isModified`. */
export const occurrencesOf = (series: Json, count = 10): readonly Json[] => {
  const later = (field: string, days: number): string => new Date(Date.parse(String(series[field])) + days * DAY).toISOString();
  return Array.from({ length: count }, (_, i) => ({
    ...series,
    recurrence: undefined,
    id: occurrenceId(series, later('start', i)),
    meetingSeriesId: series['id'],
    meetingType: 'scheduledMeeting',
    start: later('start', i),
    end: later('end', i),
  }));
};

export const items = (...list: readonly unknown[]): Reply => ({ body: { items: list } });
export const anInvitee = (email: string, changes: Json = {}): Json => ({ id: `i-${email}`, email, displayName: email, coHost: false, panelist: false, meetingId: REF.id, ...changes });

/** A list that hands out `all` by `max` and `cursor`, as the vendor pages. */
export const paged = (all: () => readonly unknown[], origin: () => string) => ({ path, query }: Asked): Reply => {
  const from = Number(query.get('cursor') ?? 0);
  const size = Number(query.get('max') ?? 10);
  const next = new URLSearchParams([...query].filter(([name]) => name !== 'cursor'));
  next.set('cursor', String(from + size));
  const more = from + size < all().length;
  return { ...items(...all().slice(from, from + size)), headers: more ? { link: `<${origin()}/v1${path}?${next.toString()}>; rel="next"` } : {} };
};

/** The adapter under test, and what it asked of its pacer. */
export interface Subject {
  readonly webex: ConferencingVendor;
  readonly quiet: readonly number[];
  readonly paced: () => number;
}

export function subject(baseUrl: string, { timeoutMs = 60_000, token = 'tok-9f1c', turn = () => Promise.resolve() } = {}): Subject {
  const quiet: number[] = [];
  let paced = 0;
  const pacer = {
    beforeRequest: () => turn().then(() => void paced++),
    quietFor: (ms: number) => Promise.resolve(void quiet.push(ms)),
  };
  return { webex: createVendor('webex', { baseUrl, token: () => Promise.resolve(token), pacer, timeoutMs }), quiet, paced: () => paced };
}

/** The failure that `call` ends in; anything else fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<RelinkFailure> {
  const cause = await call.then(() => 'it succeeded', (thrown: unknown) => thrown);
  if (!(cause instanceof RelinkFailure)) throw new Error(`no RelinkFailure but ${String(cause)}`);
  return cause;
}

/** What the adapter makes of a meeting that the vendor shows so, with these invitees. */
export async function snapshotOf(vendor: ScriptedVendor, meeting: Json, { occurrences = [] as readonly Json[], invitees = [] as readonly Json[], days = 400 } = {}): Promise<MeetingSnapshot> {
  vendor.on('GET', '/meetings/m1', { body: meeting }).on('GET', '/meetings', items(...occurrences)).on('GET', '/meetingInvitees', items(...invitees));
  const read = await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow(days));
  if (read === 'gone') throw new Error('the meeting is gone');
  return read;
}
