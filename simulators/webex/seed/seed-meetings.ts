import { DAY, MINUTE } from '../../support/clock.js';
import { random, type Random } from '../../support/random.js';
import { madeUpWords, unused } from '../../support/words.js';
import type { JsonObject, Kind } from '../meeting-record.js';
import { displayName, type PersonRecord } from '../people.js';
import { anchored, type Timing } from '../recurrence.js';
import { joinLink, type NewMeeting } from '../store.js';
import { refusedKinds, specialOptions } from './refused-kinds.js';
import { connectorAgenda, pastedInvitation, seedInvitees, seedOptions } from './seed-details.js';
import { seedExceptions } from './seed-exceptions.js';
import { seedAnswers, seedBreakouts, seedInterpreters, seedRegistrants } from './seed-parts.js';
import type { Staff } from './seed-people.js';
import { seedWebinar } from './seed-webinars.js';
import { futureTiming, longSeries, pastTiming, runningSeries, runningTiming, seriesTiming } from './seed-timing.js';
import { foreignSite } from './sites.js';

export interface MeetingSeed {
  readonly meetings: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly cutoff: number;
  readonly manyExceptions: boolean;
  readonly manySpecial: boolean;
}

/** What a meeting is to be, before it has details. */
export interface Draft {
  readonly kind: Kind;
  readonly time: 'future' | 'running' | 'past';
  /** Running series end that many milliseconds after the start of the simulator. */
  readonly endsInMs?: number;
  /** Created before the cut-off for certain. */
  readonly legacy?: boolean;
  /** Which series with exceptions it is. */
  readonly index?: number;
  /** Of another kind, but a webinar too. */
  readonly isWebinar?: boolean;
  /** Given; else all three are drawn. */
  readonly host?: PersonRecord;
  readonly site?: string;
  readonly timing?: Timing;
}

/** How many of which: about 55 % singles, 30 % series, 3 % over, the kinds that cannot be replaced, and the rest singles. */
function drafts({ meetings: n, manyExceptions, manySpecial }: MeetingSeed): readonly Draft[] {
  const few = n >= 10;
  const running: Draft[] = few
    ? [
        { kind: 'single', time: 'running', legacy: true },
        { kind: 'series', time: 'running', legacy: true, endsInMs: 7_000 },
        { kind: 'series', time: 'running', legacy: true, endsInMs: 14_000 },
      ]
    : [];
  const share = manySpecial ? 0.2 : n >= 60 ? 0.08 : 0.1;
  const refused = Math.max(n >= 60 ? refusedKinds.length : 0, Math.floor(n * share));
  const kindsOfRefused = Array.from({ length: refused }, (_, i): Draft => {
    const index = Math.floor(i / refusedKinds.length);
    return { kind: refusedKinds[i % refusedKinds.length] ?? 'webinar', time: 'future', legacy: index === 0, index };
  });
  const past = Array.from({ length: Math.floor(n * 0.03) }, (): Draft => ({ kind: 'single', time: 'past' }));
  const series = Array.from({ length: Math.floor(n * 0.3) - (few ? 2 : 0) }, (_, i): Draft =>
    manyExceptions && i % 5 === 0 ? { kind: 'exceptions', time: 'future', index: 1 + i / 5 } : { kind: 'series', time: 'future' },
  );
  const known = [...running, ...kindsOfRefused, ...past, ...series].slice(0, n);
  return [...known, ...Array.from({ length: n - known.length }, (): Draft => ({ kind: 'single', time: 'future' }))];
}

/** The organisation's meetings, in the order in which they were created, and some of other organisations. */
export function seedMeetings(rng: Random, staff: Staff, seed: MeetingSeed): readonly NewMeeting[] {
  const foreign = seed.meetings >= 10 ? Math.max(1, Math.round(seed.meetings * 0.02)) : 0;
  const all = [...drafts(seed), ...Array.from({ length: foreign }, (): Draft => ({ kind: 'external', time: 'future' }))];
  const made = new Maker(rng, staff, seed);
  return rng
    .shuffle(all)
    .map((draft) => ({ draft, createdAt: made.createdAt(draft) }))
    .sort((a, b) => a.createdAt - b.createdAt)
    .map(({ draft, createdAt }, i) => made.meeting(draft, createdAt, i));
}

/** What hosts who left had planned before the cut-off: single meetings and series. */
export function departedMeetings(rng: Random, departed: readonly PersonRecord[], staff: Staff, seed: MeetingSeed): readonly NewMeeting[] {
  const made = new Maker(rng, staff, seed);
  const drafts = departed.flatMap((host) => (['single', 'series'] as const).map((kind): Draft => ({ kind, time: 'future', legacy: true, host })));
  return drafts.map((draft, i) => made.meeting(draft, made.createdAt(draft), i));
}

/** Of these the second of each is a series. */
const recurring: ReadonlySet<Kind> = new Set(['connector', 'space', 'breakouts', 'interpretation', 'webinar']);

export class Maker {
  private readonly titles = new Set<string>();
  /** Before the repair numbers and links were consecutive: that was the flaw. */
  private readonly firstNumber: number;
  private readonly linkStem: string;

  constructor(
    private readonly rng: Random,
    private readonly staff: Staff,
    private readonly seed: MeetingSeed,
  ) {
    this.firstNumber = rng.int(23_000_000_000, 27_000_000_000);
    this.linkStem = rng.hex(24);
  }

  /** About 30 % after the cut-off. */
  createdAt({ legacy, time }: Draft): number {
    const { cutoff, now } = this.seed;
    const late = now - Math.min(DAY, Math.max(0, now - cutoff) / 2);
    if (time === 'past') return Math.min(cutoff, now - 200 * DAY) - this.rng.int(1, 300) * DAY;
    if (legacy === true || this.rng.chance(0.7) || late <= cutoff) return cutoff - this.rng.int(60, 400 * 24 * 60) * MINUTE;
    return Math.round(cutoff + 1000 + (late - cutoff) * this.rng.next());
  }

  meeting(draft: Draft, createdAt: number, i: number): NewMeeting {
    const { rng } = this;
    const host = draft.host ?? (draft.kind === 'external' ? foreigner(rng, i) : this.hostOf());
    const site = draft.site ?? (draft.kind === 'external' ? foreignSite : rng.pick(host.hostSites));
    const timing = draft.timing ?? this.timing(draft, createdAt, host);
    const number = String(this.firstNumber + i);
    const link = draft.kind === 'personal-room' ? `https://${site}/meet/${host.email.split('@')[0]}` : joinLink(site, this.linkStem + i.toString(16).padStart(8, '0'));
    const options = seedOptions(rng, specialOptions(rng, draft.kind));
    const invitees = this.inviteesOf(draft, host, site, i);
    const id = rng.hex(32);
    return {
      id,
      number,
      link,
      password: `${rng.pick(['Kq', 'Vx', 'Zw'])}${rng.hex(9)}T${rng.int(2, 9)}`,
      numericPassword: String(rng.int(10_000_000, 99_999_999)),
      hostKey: String(rng.int(100_000, 999_999)),
      origin: 'seed',
      createdAt,
      visibleAt: createdAt,
      kind: draft.kind,
      hostEmail: host.email,
      hostName: displayName(host),
      hostUserId: host.id,
      siteUrl: site,
      scheduledType: isWebinar(draft) ? 'webinar' : draft.kind === 'personal-room' ? 'personalRoomMeeting' : 'meeting',
      options,
      tags: { client: '', tags: [] },
      plan: {
        ...timing,
        title: unused(this.titles, () => madeUpWords(rng, rng.int(2, 3))),
        agenda: this.agendaOf(draft, { id, number, link }),
      },
      invitees,
      ...prepared(draft, id, { options, invitees, registering: { from: createdAt, to: this.seed.now } }),
      exceptions: draft.kind === 'exceptions' ? seedExceptions(rng, { timing, site, invitees, options, index: draft.index ?? 0, now: this.seed.now }) : new Map(),
    };
  }

  /** Where there is more of everything, some connectors leave no trace, and some people paste the invitation. */
  private agendaOf({ kind, index = 0 }: Draft, { id, ...reach }: { readonly id: string; readonly number: string; readonly link: string }): string {
    const { rng, seed } = this;
    if (kind === 'connector') {
      const framed = connectorAgenda(rng, reach);
      return seed.manySpecial && index % 2 === 1 ? '' : framed;
    }
    const agenda = rng.chance(0.6) ? madeUpWords(rng, rng.int(5, 25)) : '';
    const isPasted = seed.manySpecial && (kind === 'single' || kind === 'series') && random('pasted', id).chance(0.06);
    return isPasted ? pastedInvitation(agenda, reach) : agenda;
  }

  /** Some people plan much, most little. */
  private hostOf(): PersonRecord {
    const { hosts } = this.staff;
    const host = hosts[Math.floor(hosts.length * this.rng.next() ** 1.5)];
    if (!host) throw new Error('an organisation needs at least one host');
    return host;
  }

  private inviteesOf({ kind }: Draft, host: PersonRecord, site: string, i: number): NewMeeting['invitees'] {
    if (kind === 'personal-room') return [];
    const invitees = seedInvitees(this.rng, this.staff, host, site, i % 33 === 20);
    const ours = this.rng.pick(this.staff.hosts);
    if (kind !== 'external' || invitees.some(({ email }) => email === ours.email)) return invitees;
    return [...invitees, { email: ours.email, displayName: displayName(ours), coHost: false, panelist: false }];
  }

  private timing(draft: Draft, createdAt: number, host: PersonRecord): Timing {
    const { rng, seed } = this;
    if (draft.time === 'past') return pastTiming(rng, seed.now);
    if (draft.kind === 'series' && draft.endsInMs !== undefined) return runningSeries(rng, seed.now, draft.endsInMs, createdAt + rng.int(1, 20) * DAY);
    if (draft.time === 'running') return runningTiming(seed.now);
    if (draft.kind === 'exceptions') return longSeries(rng, { host, now: seed.now, from: Math.min(createdAt + DAY, seed.now) }, draft.index ?? 0);
    const recurs = draft.kind === 'series' || (recurring.has(draft.kind) && draft.index === 1);
    if (!recurs) return draft.kind === 'personal-room' && draft.index === 1 ? weekly(futureTiming(rng, seed.now, host)) : futureTiming(rng, seed.now, host);
    const from = rng.chance(0.75) ? createdAt + rng.int(0, 20) * DAY : seed.now + rng.int(0, 90) * DAY;
    return seriesTiming(rng, { host, now: seed.now, from });
  }
}

/** Without a draw more. */
const weekly = (timing: Timing): Timing => anchored({ ...timing, recurrence: 'FREQ=WEEKLY;INTERVAL=1;COUNT=4' }) ?? timing;

const isWebinar = (draft: Draft): boolean => draft.kind === 'webinar' || draft.isWebinar === true;

/** Draws of their own for what is prepared: more variety there changes no other meeting. */
function prepared(draft: Draft, id: string, planned: Omit<Parameters<typeof seedWebinar>[1], 'index'>): Partial<NewMeeting> {
  const { options, invitees } = planned;
  const { kind, index = 0 } = draft;
  if (isWebinar(draft)) return seedWebinar(random('webinar', id), { ...planned, index });
  if (kind === 'interpretation') return { options: { ...options, ...seedInterpreters(random('interpreters', id), invitees) } };
  if (kind === 'registration') return registered(id, index, planned);
  return kind === 'breakouts' ? { breakouts: seedBreakouts(random('breakouts', id), invitees) } : {};
}

/** Of each two the first has questions of the organiser's own. */
function registered(id: string, index: number, { options, registering }: Pick<Parameters<typeof seedWebinar>[1], 'options' | 'registering'>): Partial<NewMeeting> {
  const registrants = seedRegistrants(random('registrants', id), registering);
  if (index % 2 === 1) return { registrants };
  const { form, ...answered } = seedAnswers(random('answers', id), options['registration'] as JsonObject, registrants);
  return { options: { ...options, registration: form }, ...answered };
}

function foreigner(rng: Random, i: number): PersonRecord {
  const [firstName, lastName] = [madeUpWords(rng, 1), madeUpWords(rng, 1)];
  return {
    id: Buffer.from(`ciscospark://us/PEOPLE/foreign-${i}`).toString('base64url'),
    email: `${firstName}.${lastName}@partner.example.org`.toLowerCase(),
    firstName,
    lastName,
    hostSites: [foreignSite],
    attendeeSites: [],
    timezone: 'UTC',
    created: 0,
    loginEnabled: true,
  };
}
