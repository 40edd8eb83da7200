import { createHash } from 'node:crypto';
import type { Occurrence as Planned, Window } from '../../../domain/meeting.js';
import type { Reading } from '../../../domain/ports.js';
import { unreadable } from './errors.js';
import type { WebexClient } from './client.js';
import { Occurrence, type Meeting } from './schema.js';

/** Occurrences asked for at once: they fit on one page. */
const AT_ONCE = 90;

/**
 * Whether the vendor holds the series exactly as its rule says: each occurrence listed once, none changed, none deleted.
 * A daily series of years has dozens of pages, so the reading goes on where `bookmark` says that an earlier attempt was.
 */
export async function isPlainSeries(client: WebexClient, meeting: Meeting, computed: readonly Planned[], window: Window, { bookmark, occurrences = 'all' }: Reading = {}): Promise<boolean> {
  const edition = editionOf(meeting);
  const read = upTo(bookmark?.saved, edition) ?? window.from;
  const rest = read > window.from ? computed.filter(({ start }) => start >= read) : computed;
  const last = occurrences === 'all' ? rest.length : 1;
  for (let i = 0; i < Math.max(last, read === window.from ? 1 : 0); i += AT_ONCE) {
    const from = i === 0 ? read : (rest[i]?.start ?? window.to);
    const to = rest[i + AT_ONCE]?.start ?? window.to;
    if (!(await agrees(client, meeting, rest.slice(i, i + AT_ONCE), { from, to }))) return false;
    bookmark?.save(`${edition} ${to}`);
  }
  return true;
}

/** Changes when the organiser re-plans the series: what was read of it before then counts no more. */
const editionOf = ({ start, end, timezone, recurrence = '' }: Meeting): string => createHash('sha256').update([start, end, timezone, recurrence].join('\n')).digest('hex').slice(0, 16);

function upTo(saved: string | undefined, edition: string): string | undefined {
  const [known, instant] = saved?.split(' ') ?? [];
  return known === edition ? instant : undefined;
}

async function agrees(client: WebexClient, meeting: Meeting, computed: readonly Planned[], { from, to }: Window): Promise<boolean> {
  const items = await client.meetings({ hostEmail: meeting.hostEmail, meetingSeriesId: meeting.id, meetingType: 'scheduledMeeting', from, to });
  const listed = items.flatMap((item) => readOccurrence(item, meeting)).filter(({ start, end }) => Date.parse(end) > Date.parse(from) && Date.parse(start) < Date.parse(to));
  const ends = new Map(listed.map(({ start, end }) => [Date.parse(start), Date.parse(end)]));
  const exact = listed.length === computed.length && computed.every(({ start, end }) => ends.get(Date.parse(start)) === Date.parse(end));
  return exact && listed.every((occurrence) => isUnchanged(occurrence, meeting));
}

/** Not every answer says `isModified`; a changed occurrence has a title or a number of its own. */
const isUnchanged = ({ isModified, title, meetingNumber }: Occurrence, series: Meeting): boolean =>
  isModified !== true && (title ?? series.title) === series.title && (meetingNumber ?? series.meetingNumber) === series.meetingNumber;

/** A server that does not know a filter lists the definition, instances that took place and other series beside the plan. */
function readOccurrence(item: unknown, { id }: Meeting): readonly Occurrence[] {
  const parsed = Occurrence.safeParse(item);
  if (!parsed.success) throw unreadable(parsed.error, { within: 'occurrences' });
  const { meetingType = 'scheduledMeeting', meetingSeriesId = id } = parsed.data;
  return meetingType === 'scheduledMeeting' && meetingSeriesId === id ? [parsed.data] : [];
}
