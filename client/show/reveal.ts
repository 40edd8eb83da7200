import type { ItemRecord } from '../../domain/ledger.js';
import { isVendorId, type Instant, type Invitee, type MeetingSnapshot, type OccurrenceChange, type Parts } from '../../domain/meeting.js';
import { MINUTE_MS, wallMinute } from '../../domain/wall-clock.js';
import type { Colours } from '../io.js';
import { table } from './format.js';
import { cleanerOf, type Cleaner } from './without-secrets.js';

/** What a human needs to find one meeting at the vendor, and to plan it anew by hand. Personal data: for standard output alone, and never a link or a passcode. */
export interface Revealed {
  /** Address. */
  readonly host: string;
  readonly site: string;
  /** The vendor's. `null`: the key stands for meetings of the host that the vendor's list did not show, or for a personal room, whose id is its link. */
  readonly id: string | null;
  readonly number: string | null;
  readonly replacement: { readonly id: string; readonly number: string } | null;
  /** As it was read last; `null` when nothing of it was read but its place in a list. */
  readonly content: RevealedContent | null;
}

interface RevealedContent {
  readonly hostName: string;
  readonly title: string;
  readonly agenda: string | null;
  /** IANA zone. */
  readonly timezone: string;
  /** Of the first occurrence. */
  readonly start: Instant;
  readonly end: Instant;
  readonly recurrence: string | null;
  readonly changes: readonly RevealedChange[];
  readonly invitees: readonly RevealedInvitee[];
  /** By the vendor's own names. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parts: Parts;
}

/** Of a series: how it is held in place of `original`; `null`: not at all. */
interface RevealedChange {
  readonly original: Instant;
  readonly held: { readonly start: Instant; readonly end: Instant; readonly title: string; readonly agenda: string | null; readonly invitees: readonly RevealedInvitee[] } | null;
}

interface RevealedInvitee {
  readonly email: string;
  readonly displayName: string | null;
  readonly coHost: boolean;
  readonly panelist: boolean;
}

export function revealedOf({ kind, legacy, replacement }: Pick<ItemRecord, 'kind' | 'legacy' | 'replacement'>, snapshot: MeetingSnapshot | null): Revealed {
  const isNamed = kind !== 'room' && isVendorId(legacy.id);
  const identities = [legacy, ...(replacement ? [replacement] : []), ...(snapshot ? [snapshot.identity] : [])];
  return {
    host: legacy.hostEmail,
    site: legacy.site,
    id: isNamed ? legacy.id : null,
    number: isNamed && legacy.number !== '' ? legacy.number : null,
    replacement: isNamed && replacement ? { id: replacement.id, number: replacement.number } : null,
    content: snapshot && contentOf(snapshot, cleanerOf(snapshot, identities)),
  };
}

function contentOf(snapshot: MeetingSnapshot, { text, value }: Cleaner): RevealedContent {
  const { hostName, title, agenda, timezone, start, end, recurrence = null, changes = [], invitees, options, parts = {} } = snapshot;
  const textOf = (written: string | undefined): string | null => (written === undefined ? null : text(written));
  const held = (each: NonNullable<OccurrenceChange['held']>): RevealedChange['held'] => ({ start: each.start, end: each.end, title: text(each.title), agenda: textOf(each.agenda), invitees: each.invitees.map(inviteeOf) });
  return {
    hostName,
    title: text(title),
    agenda: textOf(agenda),
    timezone,
    start,
    end,
    recurrence,
    changes: changes.map((change) => ({ original: change.original, held: change.held ? held(change.held) : null })),
    invitees: invitees.map(inviteeOf),
    settings: value(options) as RevealedContent['settings'],
    parts: value(parts) as Parts,
  };
}

const inviteeOf = ({ email, displayName, coHost, panelist }: Invitee): RevealedInvitee => ({ email, displayName: displayName ?? null, coHost, panelist });

/** For people. */
export function revealText({ host, site, id, number, replacement, content }: Revealed, kind: ItemRecord['kind'], colours: Colours): readonly string[] {
  const what = kind === 'room' ? 'the personal room of this host' : 'not known: this stands for meetings of this host that the vendor’s list did not show';
  return [
    '',
    colours.bold('Personal data, printed for you and kept nowhere else. No link, no passcode and no number to dial is in it.'),
    ...fact('host', content === null || content.hostName === '' ? host : `${host} (${content.hostName})`, colours),
    ...fact('site', site, colours),
    ...fact('vendor id', id ?? what, colours),
    ...(number === null ? [] : fact('number', number, colours)),
    ...(replacement === null ? [] : fact('replacement', `${replacement.id}, number ${replacement.number}`, colours)),
    ...(content === null ? ['Nothing more of it was read; look it up at the vendor.'] : contentText(content, colours)),
  ];
}

function contentText({ title, agenda, timezone, start, end, recurrence, changes, invitees, settings, parts }: RevealedContent, colours: Colours): readonly string[] {
  const when = (from: Instant, to: Instant): string => `${local(timezone, from)} to ${local(timezone, to)}`;
  return [
    ...fact('title', title, colours),
    ...fact('times', `${when(start, end)}, ${timezone}`, colours),
    ...(recurrence === null ? [] : fact('recurrence', recurrence, colours)),
    ...changes.flatMap(({ original, held }) => fact(`${local(timezone, original)}`, held === null ? 'not held' : `${when(held.start, held.end)}: ${held.title}${held.agenda === null ? '' : `; ${held.agenda}`}; with ${held.invitees.map(({ email }) => email).join(', ') || 'nobody invited'}`, colours)),
    ...(agenda === null ? [] : fact('agenda', agenda, colours)),
    '',
    ...(invitees.length === 0 ? ['Nobody is invited.'] : table(['invitee', 'name', 'role'], invitees.map((each) => [each.email, printable(each.displayName ?? ''), roleOf(each)]), colours)),
    ...[...Object.entries(settings), ...Object.entries(parts)].flatMap(([name, value], i) => [...(i === 0 ? [''] : []), ...fact(name, inWords(value), colours)]),
  ];
}

const roleOf = ({ coHost, panelist }: RevealedInvitee): string => [...(coHost ? ['co-host'] : []), ...(panelist ? ['panelist'] : [])].join(', ') || 'invitee';

/** As the clock on the wall shows it there: `2026-12-01 10:00` */
const local = (zone: string, at: Instant): string => new Date(wallMinute(zone, Date.parse(at)) * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');

const WIDTH = 15;

/** What people wrote may have several lines. */
function fact(name: string, value: string, colours: Colours): readonly string[] {
  const [first = '', ...rest] = printable(value).split('\n');
  return [`${colours.dim(name.padEnd(WIDTH))} ${first}`, ...rest.map((line) => `${' '.repeat(WIDTH)} ${line}`)];
}

/** A terminal obeys control characters, and others wrote this. */
const printable = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n]/gu, ' ');

/** `name: Garden, invitees: robin@example.org`, a line for each of several. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(value.some((item) => typeof item === 'object') ? '\n' : ', ') || 'none';
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, inner]) => `${name}: ${inWords(inner).replaceAll('\n', '; ')}`).join(', ') || 'none';
  return String(value);
}
