import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../support/clock.js';
import { inviteesOf } from './invitee-lists.js';
import { isAlive, type BreakoutSession, type Deletion, type Exception, type Exceptions, type Handles, type JsonObject, type Kind, type MeetingRecord, type Origin, type Plan, type Registrant, type StoredInvitee } from './meeting-record.js';
import { occurrenceId, type Occurrence } from './occurrences.js';
import { displayName, type PersonRecord } from './people.js';
import { currentId, roomLink, type RoomRecord } from './rooms.js';
import { TrackingCodes } from './tracking-codes.js';

export type NewInvitee = Omit<StoredInvitee, 'id'>;
export type NewException = Omit<Exception, 'invitees'> & { readonly invitees?: readonly NewInvitee[] };

/** What is needed to put a meeting in. */
export type NewMeeting = Omit<MeetingRecord, 'seq' | 'createdTick' | 'versions' | 'invitees' | 'exceptions' | 'breakouts' | 'registrants' | 'deleted'> & {
  readonly invitees: readonly NewInvitee[];
  readonly exceptions?: ReadonlyMap<number, NewException>;
  readonly breakouts?: readonly BreakoutSession[];
  readonly registrants?: readonly Registrant[];
};

type Editor = Deletion['by'];

/** The vendor's memory: people and meetings, indexed by all that requests ask for. Deleted meetings stay for the audit. */
export class Store {
  /** Settings that the site's administrator forces on every meeting made from now on. */
  forced: JsonObject = {};
  readonly codes = new TrackingCodes();
  /** Whether lists show who interprets; look-ups by number or link do in any case. */
  listsInterpretation = true;
  /** Sites that were migrated to the platform of the suite. */
  readonly suites = new Set<string>();
  /** Hosts without a licence for webinars, by address in lower case. */
  readonly withoutWebinars = new Set<string>();
  /** The same for ordinary meetings: their session type was withdrawn. */
  readonly withoutMeetings = new Set<string>();
  readonly people = new Map<string, PersonRecord>();
  /** Whose account is gone. What they planned is still there. */
  readonly departed = new Map<string, PersonRecord>();
  private readonly records: MeetingRecord[] = [];
  private readonly byId = new Map<string, MeetingRecord>();
  private readonly byNumber = new Map<string, MeetingRecord>();
  private readonly byLink = new Map<string, MeetingRecord>();
  private readonly byPerson = new Map<string, Set<MeetingRecord>>();
  private readonly aliases = new Map<string, string>();
  private inviteeSeq = 2_628_956;

  constructor(private readonly clock: Clock) {}

  add(meeting: NewMeeting): MeetingRecord {
    const record: MeetingRecord = {
      ...meeting,
      seq: this.records.length,
      createdTick: this.clock.tick(),
      versions: [],
      invitees: new Map(),
      breakouts: meeting.breakouts ?? [],
      registrants: meeting.registrants ?? [],
      exceptions: new Map([...(meeting.exceptions ?? [])].map(([original, own]) => [original, this.exception(meeting, original, own)])),
    };
    this.records.push(record);
    this.byId.set(record.id, record);
    this.ofPerson(record.hostEmail).add(record);
    this.reachable(record, record);
    this.invite(record, meeting.invitees);
    this.become(record, record, record.origin);
    return record;
  }

  /** All meetings there ever were, in order of insertion. */
  all(): readonly MeetingRecord[] {
    return this.records;
  }

  get(seriesId: string): MeetingRecord | undefined {
    const record = this.byId.get(seriesId);
    return record && isAlive(record) ? record : undefined;
  }

  /** Even when it was deleted. */
  everHad(seriesId: string): MeetingRecord | undefined {
    return this.byId.get(seriesId);
  }

  withNumber = (number: string): MeetingRecord | undefined => living(this.byNumber.get(number));
  withLink = (link: string): MeetingRecord | undefined => living(this.byLink.get(link));

  /** Living meetings that this person hosts, or was ever invited to, or to one occurrence, in order of insertion. */
  of(email: string): readonly MeetingRecord[] {
    return [...this.ofPerson(email)].filter(isAlive).sort((a, b) => a.seq - b.seq);
  }

  /** The same as lists show them: also what was deleted, until they have caught up. */
  listed(email: string): readonly MeetingRecord[] {
    const now = this.clock.now();
    return [...this.ofPerson(email)].filter(({ deleted }) => !deleted || deleted.listedUntil > now).sort((a, b) => a.seq - b.seq);
  }

  /** Sites of the organisation. */
  sites(): ReadonlySet<string> {
    return new Set([...this.people.values(), ...this.departed.values()].flatMap(({ hostSites }) => hostSites));
  }

  /** The account is gone; its meetings stay. */
  leave(person: PersonRecord): void {
    this.people.delete(person.email);
    this.departed.set(person.email, person);
  }

  reassign(record: MeetingRecord, host: PersonRecord): void {
    const isInvited = record.invitees.has(record.hostEmail.toLowerCase());
    if (!isInvited) this.ofPerson(record.hostEmail).delete(record);
    [record.hostEmail, record.hostName, record.hostUserId] = [host.email, displayName(host), host.id];
    this.ofPerson(host.email).add(record);
  }

  /** A name for logs that says nothing of the person. */
  alias(email: string): string {
    const key = email.toLowerCase();
    const alias = this.aliases.get(key) ?? `person-${this.aliases.size + 1}`;
    this.aliases.set(key, alias);
    return alias;
  }

  invite(record: MeetingRecord, invitees: readonly NewInvitee[]): readonly StoredInvitee[] {
    const stored = invitees.map((invitee) => this.invitee(record.id, invitee));
    for (const invitee of stored) {
      record.invitees.set(invitee.email.toLowerCase(), invitee);
      this.ofPerson(invitee.email).add(record);
    }
    return stored;
  }

  /** Gives people of a whole meeting other roles. */
  seat(record: MeetingRecord, invitees: readonly StoredInvitee[]): void {
    for (const invitee of invitees) record.invitees.set(invitee.email.toLowerCase(), invitee);
  }

  uninvite(record: MeetingRecord, email: string): void {
    record.invitees.delete(email.toLowerCase());
  }

  /** Gives one occurrence a list of its own: that of its series, or its own so far, with the change. */
  changeInvitees(record: MeetingRecord, occurrence: Occurrence, { add = [], remove = [] }: { add?: readonly NewInvitee[]; remove?: readonly string[] }, by: Editor): readonly StoredInvitee[] {
    const list = new Map(inviteesOf(record, occurrence));
    const stored = add.map((invitee) => this.invitee(occurrence.id, invitee));
    for (const invitee of stored) list.set(invitee.email.toLowerCase(), invitee);
    for (const email of remove) list.delete(email.toLowerCase());
    this.editOccurrence(record, occurrence.original, { invitees: list }, by);
    return stored;
  }

  /** Other times for the whole series end what was changed of single occurrences, deletions too: the vendor's text for PATCH. */
  edit(record: MeetingRecord, plan: Plan, by: Editor): void {
    const retimed = (['start', 'end', 'timezone', 'recurrence'] as const).some((name) => plan[name] !== record.plan[name]);
    this.become(record, { plan, exceptions: retimed ? new Map() : record.exceptions }, by);
  }

  editOccurrence(record: MeetingRecord, original: number, change: Partial<Exception>, by: Editor): void {
    const { number, link } = this.freshHandles(record.siteUrl);
    const own = { ...(record.exceptions.get(original) ?? { number, link }), ...change };
    this.become(record, { plan: record.plan, exceptions: new Map(record.exceptions).set(original, own) }, by);
  }

  /** What is held in a personal room is reached as the room is. */
  followRoom(room: RoomRecord): void {
    const id = currentId(room);
    for (const record of this.of(room.hostEmail)) {
      if (record.scheduledType !== 'personalRoomMeeting' || record.hostEmail !== room.hostEmail || record.siteUrl !== room.siteUrl) continue;
      [record.number, record.link] = [id.accessCode, roomLink(room, id)];
    }
  }

  remove(record: MeetingRecord, by: Deletion['by'], listLagMs = 0): void {
    const at = this.clock.now();
    record.deleted = { by, at, tick: this.clock.tick(), listedUntil: at + listLagMs };
  }

  removeOccurrence(record: MeetingRecord, original: number, by: Editor): void {
    const { number, link } = record.exceptions.get(original) ?? record;
    this.become(record, { plan: record.plan, exceptions: new Map(record.exceptions).set(original, { deleted: true, number, link }) }, by);
  }

  /** Handles as they are since the repair: nobody can guess one from another. */
  freshHandles(site: string): Handles {
    let number = freshNumber();
    while (this.byNumber.has(number)) number = freshNumber();
    return {
      id: randomBytes(16).toString('hex'),
      number,
      link: joinLink(site, randomBytes(16).toString('hex')),
      password: `${randomBytes(9).toString('base64url').replace(/[-_]/g, 'k')}Aa7`,
      numericPassword: String(randomInt(10_000_000, 100_000_000)),
      hostKey: String(randomInt(100_000, 1_000_000)),
    };
  }

  private become(record: MeetingRecord, { plan, exceptions }: { plan: Plan; exceptions: Exceptions }, by: Origin): void {
    record.plan = plan;
    record.exceptions = exceptions;
    record.kind = kindOf(record, by);
    record.versions.push({ plan, exceptions, by, tick: record.versions.length === 0 ? record.createdTick : this.clock.tick() });
    for (const own of exceptions.values()) {
      if (own.number !== record.number) this.reachable(record, own);
      for (const { email } of own.invitees?.values() ?? []) this.ofPerson(email).add(record);
    }
  }

  private invitee(meetingId: string, invitee: NewInvitee): StoredInvitee {
    return { ...invitee, id: `${meetingId}_${++this.inviteeSeq}` };
  }

  private exception(meeting: Pick<MeetingRecord, 'id'>, original: number, { invitees, ...own }: NewException): Exception {
    if (!invitees) return own;
    const stored = invitees.map((invitee) => this.invitee(occurrenceId(meeting, original), invitee));
    return { ...own, invitees: new Map(stored.map((invitee) => [invitee.email.toLowerCase(), invitee])) };
  }

  private reachable(record: MeetingRecord, { number, link }: { number: string; link: string }): void {
    if (record.scheduledType === 'personalRoomMeeting') return;
    this.byNumber.set(number, record);
    this.byLink.set(link, record);
  }

  private ofPerson(email: string): Set<MeetingRecord> {
    const key = email.toLowerCase();
    const known = this.byPerson.get(key);
    if (known) return known;
    const made = new Set<MeetingRecord>();
    this.byPerson.set(key, made);
    return made;
  }
}

/** A campaign that changes occurrences of an old series does not make it one that it need not replace. */
function kindOf({ kind, origin, plan, exceptions }: MeetingRecord, by: Origin): Kind {
  if ((by === 'api' && origin !== 'api') || !['single', 'series', 'exceptions'].includes(kind)) return kind;
  return plan.recurrence === undefined ? 'single' : exceptions.size > 0 ? 'exceptions' : 'series';
}

const living = (record: MeetingRecord | undefined): MeetingRecord | undefined => (record && isAlive(record) ? record : undefined);
const freshNumber = (): string => `2${randomInt(10 ** 9, 10 ** 10)}`;
export const joinLink = (site: string, key: string): string => `https://${site}/${site.split('.')[0]}/j.php?MTID=m${key}`;
