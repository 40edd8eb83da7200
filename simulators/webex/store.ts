import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../support/clock.js';
import { isAlive, type Deletion, type Exception, type Handles, type MeetingRecord, type Plan, type StoredInvitee } from './meeting-record.js';
import type { PersonRecord } from './people.js';

/** What is needed to put a meeting in. */
export type NewMeeting = Omit<MeetingRecord, 'seq' | 'createdTick' | 'versions' | 'invitees' | 'exceptions' | 'deleted'> & {
  readonly invitees: readonly Omit<StoredInvitee, 'id'>[];
  readonly exceptions?: ReadonlyMap<number, Exception>;
};

/** The vendor's memory: people and meetings, indexed by all that requests ask for. Deleted meetings stay for the audit. */
export class Store {
  readonly people = new Map<string, PersonRecord>();
  private readonly records: MeetingRecord[] = [];
  private readonly byId = new Map<string, MeetingRecord>();
  private readonly byNumber = new Map<string, MeetingRecord>();
  private readonly byLink = new Map<string, MeetingRecord>();
  private readonly byPerson = new Map<string, Set<MeetingRecord>>();
  private inviteeSeq = 2_628_956;

  constructor(private readonly clock: Clock) {}

  add(meeting: NewMeeting): MeetingRecord {
    const record: MeetingRecord = {
      ...meeting,
      seq: this.records.length,
      createdTick: this.clock.tick(),
      versions: [meeting.plan],
      invitees: new Map(),
      exceptions: new Map(meeting.exceptions),
    };
    this.records.push(record);
    this.byId.set(record.id, record);
    this.ofPerson(record.hostEmail).add(record);
    for (const { number, link } of [record, ...record.exceptions.values()]) this.reachable(record, number, link);
    this.invite(record, meeting.invitees);
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

  /** Living meetings that this person hosts or is invited to, in order of insertion. */
  of(email: string): readonly MeetingRecord[] {
    return [...this.ofPerson(email)].filter(isAlive).sort((a, b) => a.seq - b.seq);
  }

  invite(record: MeetingRecord, invitees: readonly Omit<StoredInvitee, 'id'>[]): readonly StoredInvitee[] {
    return invitees.map((invitee) => {
      const stored = { ...invitee, id: `${record.id}_${++this.inviteeSeq}` };
      record.invitees.set(invitee.email.toLowerCase(), stored);
      this.ofPerson(invitee.email).add(record);
      return stored;
    });
  }

  uninvite(record: MeetingRecord, email: string): void {
    record.invitees.delete(email.toLowerCase());
    if (record.hostEmail.toLowerCase() !== email.toLowerCase()) this.ofPerson(email).delete(record);
  }

  edit(record: MeetingRecord, plan: Plan): void {
    record.plan = plan;
    record.versions.push(plan);
  }

  remove(record: MeetingRecord, by: Deletion['by']): void {
    record.deleted = { by, at: this.clock.now(), tick: this.clock.tick() };
  }

  removeOccurrence(record: MeetingRecord, original: number): void {
    const { number, link } = record.exceptions.get(original) ?? record;
    record.exceptions.set(original, { deleted: true, number, link });
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

  private reachable(record: MeetingRecord, number: string, link: string): void {
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

const living = (record: MeetingRecord | undefined): MeetingRecord | undefined => (record && isAlive(record) ? record : undefined);
const freshNumber = (): string => `2${randomInt(10 ** 9, 10 ** 10)}`;
export const joinLink = (site: string, key: string): string => `https://${site}/${site.split('.')[0]}/j.php?MTID=m${key}`;
