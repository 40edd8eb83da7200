import { isAsSeries } from '../../../domain/co-hosts.js';
import type { Instant, Invitee, MeetingSnapshot, Occurrence as Planned, OccurrenceChange, Parts, Window } from '../../../domain/meeting.js';
import type { Memory } from '../../../domain/ports.js';
import type { WebexClient } from './client.js';
import { unlessGone, unreadable } from './errors.js';
import { peopleOf } from './invitees.js';
import { ownOptions } from './map.js';
import { occurrenceId, originalStart } from './occurrence-id.js';
import { readOwnParts } from './parts/index.js';
import { hasSlots, ruleOf } from './recurrence.js';
import { Occurrence, type Meeting } from './schema.js';
import { zoneThatFits } from './zones.js';

/** Each costs requests of its own: to read, to make, to verify, to read again before the deletion. */
const MOST_CHANGES = 100;

export type Held = Required<Pick<MeetingSnapshot, 'occurrences' | 'changes'>> & Pick<MeetingSnapshot, 'alsoReachedBy'>;

/** A series as its definition tells it. */
export interface Series {
  readonly meeting: Meeting;
  readonly recurrence: string;
  /** By the rule, in the window that is read. */
  readonly computed: readonly Planned[];
  /** Where it is cut into pages. */
  readonly cuts: readonly Instant[];
  readonly parts: Parts | undefined;
}

interface Source {
  readonly client: WebexClient;
  readonly memory: Memory;
  readonly window: Window;
}

/** Where the two disagree: what the rule puts there, and what the vendor lists there. */
interface Disagreement {
  readonly expected: readonly Planned[];
  readonly listed: readonly Occurrence[];
  /** Where they do agree, starts by the rule. */
  readonly agreed: readonly Instant[];
}

/** Planned in another zone than was taken for its own. */
export interface Elsewhere {
  readonly timezone: string;
}

/**
 * What the vendor holds where it does not hold what the rule says. An occurrence that is not listed is asked for by its id before
 * it counts as deleted: lists lag, and what was moved may be listed elsewhere. A list of nothing at all is no proof either.
 */
export async function explain(source: Source, series: Series, { expected, listed, agreed }: Disagreement): Promise<Held | Elsewhere | 'unclear'> {
  const found = byOriginal(series, listed);
  if (found && !isOfTheRule(series, [...found.keys()])) return elsewhere(series, [...agreed, ...found.keys()]);
  const missing = expected.filter(({ start }) => found?.has(start) !== true);
  if (!found || found.size === 0 || missing.length > MOST_CHANGES) return 'unclear';
  const deleted: OccurrenceChange[] = [];
  for (const { start } of missing) {
    const occurrence = await one(source, series, start);
    if (occurrence === 'gone') deleted.push({ original: start });
    else found.set(start, occurrence);
  }
  const changed = [...found].filter(([original, occurrence]) => !isAsPlanned(series, original, occurrence));
  if (deleted.length + changed.length > MOST_CHANGES) return 'unclear';
  const changes: OccurrenceChange[] = [];
  for (const [original] of changed) {
    const change = await changeOf(source, series, original);
    if (change === 'unclear') return 'unclear';
    changes.push(change);
  }
  return { occurrences: heldIn(source.window, series, { found, deleted }), changes: [...deleted, ...changes].sort((a, b) => (a.original < b.original ? -1 : 1)), alsoReachedBy: changed.flatMap(([, occurrence]) => handlesOf(occurrence)) };
}

/** A changed occurrence has a number and a link of its own, as far as it shows them. */
const handlesOf = ({ meetingNumber, webLink, sipAddress }: Occurrence): readonly string[] => [meetingNumber, webLink, sipAddress].filter((each): each is string => each !== undefined);

/** By the start that the rule gives each; nothing when one does not say which it is. */
function byOriginal({ meeting }: Series, listed: readonly Occurrence[]): Map<Instant, Occurrence> | undefined {
  const found = new Map<Instant, Occurrence>();
  for (const occurrence of listed) {
    const original = originalStart(occurrence.id, meeting.id);
    if (original === undefined) return undefined;
    found.set(original, occurrence);
  }
  return found;
}

const isOfTheRule = ({ meeting, recurrence }: Series, originals: readonly Instant[]): boolean => hasSlots(ruleOf(meeting, recurrence), originals.map((start) => Date.parse(start)));

function elsewhere({ meeting, recurrence }: Series, originals: readonly Instant[]): Elsewhere | 'unclear' {
  const timezone = zoneThatFits(meeting, recurrence, originals.map((start) => Date.parse(start)));
  return timezone === undefined ? 'unclear' : { timezone };
}

/** Not every answer says `isModified`; a changed occurrence has a title or a number of its own. */
export const isUnchanged = ({ isModified, title, meetingNumber }: Occurrence, series: Meeting): boolean =>
  isModified !== true && (title ?? series.title) === series.title && (meetingNumber ?? series.meetingNumber) === series.meetingNumber;

const isAsPlanned = ({ meeting }: Series, original: Instant, occurrence: Occurrence): boolean =>
  isUnchanged(occurrence, meeting) && Date.parse(occurrence.start) === Date.parse(original) && lengthOf(occurrence) === lengthOf(meeting);

const lengthOf = ({ start, end }: { readonly start: string; readonly end: string }): number => Date.parse(end) - Date.parse(start);

async function one({ client, memory }: Source, { meeting: { id, hostEmail } }: Series, original: Instant): Promise<Occurrence | 'gone'> {
  const answer = await memory.recall(`occurrence ${original}`, () => unlessGone(client.meeting(occurrenceId(id, original), hostEmail)));
  if (answer === 'gone') return 'gone';
  const parsed = Occurrence.safeParse(answer.body);
  if (!parsed.success) throw unreadable(parsed.error, { answer, within: 'occurrence' });
  return parsed.data;
}

/** `unclear` when it has interpreters of its own, or a stream of which nothing shows where to: no request can repeat them for sure. */
async function changeOf(source: Source, series: Series, original: Instant): Promise<OccurrenceChange | 'unclear'> {
  const { meeting } = series;
  const own = await one(source, series, original);
  if (own === 'gone') return { original };
  const options = ownOptions(meeting, own);
  if (options === 'unrepeatable') return 'unclear';
  const place = { id: occurrenceId(meeting.id, original), hostEmail: meeting.hostEmail };
  const parts = await source.memory.recall(`own parts ${original}`, () => readOwnParts(source.client, place, { series: meeting, own, parts: series.parts }));
  if (parts === 'unrepeatable') return 'unclear';
  const invitees = await source.memory.recall(`invitees ${original}`, () => peopleOf(source.client, place));
  const { title = meeting.title, agenda } = own;
  const held = { start: new Date(own.start).toISOString(), end: new Date(own.end).toISOString(), title, agenda, invitees, ...parts };
  return { original, held: Object.keys(options).length > 0 ? { ...held, options } : held };
}

/** Without those that are as the series says: an occurrence that was changed and changed back keeps the mark of a change. */
export function genuine(changes: readonly OccurrenceChange[], { start, end, title, agenda }: Pick<MeetingSnapshot, 'start' | 'end' | 'title' | 'agenda'>, invitees: readonly Invitee[]): readonly OccurrenceChange[] {
  return changes.filter((change) => !isAsSeries(change, { start, end, title, agenda, invitees }));
}

function heldIn({ from, to }: Window, { computed }: Pick<Series, 'computed'>, { found, deleted }: { readonly found: ReadonlyMap<Instant, Occurrence>; readonly deleted: readonly OccurrenceChange[] }): readonly Planned[] {
  const other = new Set([...found.keys(), ...deleted.map(({ original }) => original)]);
  const moved = [...found.values()].map(({ start, end }) => ({ start: new Date(start).toISOString(), end: new Date(end).toISOString() }));
  return [...computed.filter(({ start }) => !other.has(start)), ...moved]
    .filter(({ start, end }) => end > from && start < to)
    .sort((a, b) => (a.start === b.start ? (a.end < b.end ? -1 : 1) : a.start < b.start ? -1 : 1));
}

/** What is held next, with the changes that a list shows. */
export function withChanges(computed: readonly Planned[], { id }: Meeting, listed: readonly Occurrence[], { from, to }: Window): readonly Planned[] {
  const found = new Map(listed.map((occurrence) => [originalStart(occurrence.id, id) ?? occurrence.start, occurrence]));
  return heldIn({ from, to }, { computed }, { found, deleted: [] });
}
