import { createHash } from 'node:crypto';
import type { Instant, Occurrence as Planned, Window } from '../../../domain/meeting.js';
import type { Memory, Reading } from '../../../domain/ports.js';
import { none } from './no-memory.js';
import { explain, isUnchanged, type Elsewhere, type Held, type Series } from './changed-occurrences.js';
import type { WebexClient } from './client.js';
import { unreadable } from './errors.js';
import { Occurrence, type Meeting } from './schema.js';

/** Occurrences asked for at once: they fit on one page. */
const AT_ONCE = 90;

/** A part of the window, and what the rule puts there. */
interface Slice extends Window {
  /** The same whatever zone the series is in, and at whatever moment it is asked for: as long as its cuts are the same. */
  readonly name: string;
  /** Only the first has what began before it. */
  readonly isFirst: boolean;
  readonly computed: readonly Planned[];
}

/** Where a series is cut into pages. Those of one zone serve for another, so that a series which turns out to be in that one is not listed again. */
export const cutsOf = (computed: readonly Planned[]): readonly Instant[] => computed.filter((_, i) => i > 0 && i % AT_ONCE === 0).map(({ start }) => start);

/**
 * What is held of a series, and what of it was changed one by one; `unclear` when the vendor's answers do not say. Or its zone, when they follow the rule in another one.
 * A daily series of years has dozens of pages: which of them earlier attempts found to be as the rule says is in `bookmark`.
 */
export async function readOccurrences(client: WebexClient, series: Series, window: Window, { bookmark, memory = none, occurrences = 'all' }: Reading = {}): Promise<Held | Elsewhere | 'unclear'> {
  const edition = editionOf(series.meeting);
  const plain = new Set(plainIn(bookmark?.saved, edition));
  const odd: (Slice & { readonly listed: readonly Occurrence[] })[] = [];
  const agreed: Instant[] = [];
  const slices = slicesOf(series.computed, window, series.cuts);
  for (const slice of occurrences === 'all' ? slices : slices.slice(0, 1)) {
    const mark = `${slice.computed[0]?.start ?? ''}/${slice.computed.length}`;
    if (!plain.has(mark)) {
      const listed = await list(client, series.meeting, slice, memory);
      if (!isPlain(listed, slice, series.meeting)) {
        odd.push({ ...slice, listed });
        continue;
      }
      bookmark?.save([edition, ...plain.add(mark)].join(' '));
    }
    agreed.push(...slice.computed.map(({ start }) => start));
  }
  if (odd.length === 0) return { occurrences: series.computed, changes: [] };
  return explain({ client, memory, window }, series, { expected: odd.flatMap(({ computed }) => computed), listed: odd.flatMap(({ listed }) => listed), agreed });
}

/** All that is held of a series in the window, as a list shows it, when that fits on one page and is as the rule says. */
export async function plainPage(client: WebexClient, { meeting, computed }: Pick<Series, 'meeting' | 'computed'>, window: Window, memory: Memory): Promise<readonly Occurrence[] | undefined> {
  const [slice, ...more] = slicesOf(computed, window, cutsOf(computed));
  if (!slice || more.length > 0 || computed.length === 0) return undefined;
  const listed = await list(client, meeting, slice, memory);
  return isPlain(listed, slice, meeting) ? listed : undefined;
}

/** Changes when the organiser re-plans the series: what was read of it before then counts no more. */
const editionOf = ({ start, end, timezone, recurrence = '' }: Meeting): string => createHash('sha256').update([start, end, timezone, recurrence].join('\n')).digest('hex').slice(0, 16);

function plainIn(saved: string | undefined, edition: string): readonly string[] {
  const [known, ...marks] = saved?.split(' ') ?? [];
  return known === edition ? marks : [];
}

/** At least one: where the rule puts nothing more, something may have been moved to. */
function slicesOf(computed: readonly Planned[], { from, to }: Window, cuts: readonly Instant[]): readonly Slice[] {
  return [from, ...cuts].map((begin, i) => {
    const [isFirst, end] = [i === 0, cuts[i] ?? to];
    const own = computed.filter(({ start }) => (isFirst || start >= begin) && start < end);
    return { name: `${isFirst ? 'first' : begin} to ${cuts[i] ?? 'last'}`, isFirst, from: begin, to: end, computed: own };
  });
}

async function list(client: WebexClient, meeting: Meeting, { name, isFirst, from, to }: Slice, memory: Memory): Promise<readonly Occurrence[]> {
  const query = { hostEmail: meeting.hostEmail, meetingSeriesId: meeting.id, meetingType: 'scheduledMeeting', from, to };
  const items = await memory.recall(`occurrences of ${meeting.start} ${meeting.recurrence}: ${name}`, () => client.meetings(query));
  const isIn = ({ start, end }: Occurrence): boolean => (isFirst ? Date.parse(end) > Date.parse(from) : Date.parse(start) >= Date.parse(from)) && Date.parse(start) < Date.parse(to);
  return items.flatMap((item) => readOccurrence(item, meeting)).filter(isIn);
}

/** Whether each occurrence of the rule is listed once, and none was changed. */
function isPlain(listed: readonly Occurrence[], { computed }: Slice, meeting: Meeting): boolean {
  const ends = new Map(listed.map(({ start, end }) => [Date.parse(start), Date.parse(end)]));
  const exact = listed.length === computed.length && computed.every(({ start, end }) => ends.get(Date.parse(start)) === Date.parse(end));
  return exact && listed.every((occurrence) => isUnchanged(occurrence, meeting));
}

/** A server that does not know a filter lists the definition, instances that took place and other series beside the plan. */
function readOccurrence(item: unknown, { id }: Meeting): readonly Occurrence[] {
  const parsed = Occurrence.safeParse(item);
  if (!parsed.success) throw unreadable(parsed.error, { within: 'occurrences' });
  const { meetingType = 'scheduledMeeting', meetingSeriesId = id } = parsed.data;
  return meetingType === 'scheduledMeeting' && meetingSeriesId === id ? [parsed.data] : [];
}
