import type { Instant, ListedMeeting, MeetingIdentity } from './meeting.js';

/** By what a proof was found to speak about a meeting, surest first; `id`: an inventory lists it, or does not. */
export type ProofKey = 'number' | 'link' | 'host+start' | 'id';

/** When something that names a meeting was made: an event of a calendar, or an invitation mail. Personal data: sealed with the campaign. */
export interface Trace {
  readonly by: Exclude<ProofKey, 'id'>;
  /** As `numberKey`, `linkKey` or `startKey` writes it. */
  readonly key: string;
  readonly created: Instant;
}

/** Numbers are printed in groups. */
export const numberKey = (number: string): string => number.replaceAll(/[\s\p{Pd}]/gu, '');

export const startKey = (hostEmail: string, start: Instant): string => `${hostEmail.trim().toLowerCase()} ${new Date(start).toISOString()}`;

/** Links are wrapped and escaped once by each program that they pass. */
const MOST_ROUNDS = 4;
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&#38;': '&', '&#x26;': '&', '&#61;': '=', '&#x3d;': '=' };
/** Outlook leads through a server of its own and carries the real link along. */
const WRAPPED = /^https:\/\/[^/]*\.safelinks\.protection\.outlook\.com\/[^#]*[?&]url=([^&#]+)/i;

/** A link as it is compared: unwrapped and unescaped, host in lower case, the rest as it is, without scheme, fragment and last slash; `''` when it is none. */
export function linkKey(link: string): string {
  let text = link.trim();
  for (let round = 0, before = ''; round < MOST_ROUNDS && before !== text; round++) {
    before = text;
    text = unescaped(WRAPPED.exec(text)?.[1] ?? text);
  }
  const [, host, rest] = /^https?:\/\/([^/?#\s@]+)([^#]*)/i.exec(text) ?? [];
  return host === undefined || rest === undefined ? '' : `${host.toLowerCase()}${rest.replace(/\/+$/, '')}`;
}

function unescaped(text: string): string {
  const plain = text.replaceAll(/&(?:amp|#38|#x26|#61|#x3d);/gi, (entity) => ENTITIES[entity.toLowerCase()] ?? entity);
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain; // a percent sign that escapes nothing
  }
}

/** One way in which a trace may name a meeting. */
interface Handle {
  readonly by: Trace['by'];
  readonly key: string;
}

const startsOf = ({ identity, firstStart, next }: ListedMeeting): readonly string[] => [firstStart, ...(next ? [next.start] : [])].map((start) => startKey(identity.hostEmail, start));

function handlesOf(meeting: ListedMeeting): readonly Handle[] {
  const { number, link }: MeetingIdentity = meeting.identity;
  return [{ by: 'number', key: numberKey(number) }, { by: 'link', key: linkKey(link) }, ...startsOf(meeting).map((key) => ({ by: 'host+start', key }) as const)];
}

export interface Sighting {
  readonly by: Trace['by'];
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Another meeting of the host begins at the same time, so this may be about that one. */
  readonly ambiguous: boolean;
}

/** What the traces tell about a meeting: the earliest of each way to name it, surest first. `siblings`: the meetings of its host, itself among them or not; `'unknown'` when they cannot be listed, and any may begin when it does. */
export function sightings(traces: readonly Trace[], meeting: ListedMeeting, siblings: readonly ListedMeeting[] | 'unknown'): readonly Sighting[] {
  const index = indexOf(traces);
  return handlesOf(meeting).flatMap(({ by, key }) => {
    const created = index.get(`${by} ${key}`);
    if (created === undefined) return [];
    return [{ by, created, ambiguous: by === 'host+start' && mayBeAnother(key, meeting, siblings) }];
  });
}

const mayBeAnother = (start: string, { identity }: ListedMeeting, siblings: readonly ListedMeeting[] | 'unknown'): boolean =>
  siblings === 'unknown' || siblings.some((other) => other.identity.id !== identity.id && startsOf(other).includes(start));

const indexes = new WeakMap<readonly Trace[], ReadonlyMap<string, number>>();
/** A calendar may have 100,000 events and is asked once per meeting. */
function indexOf(traces: readonly Trace[]): ReadonlyMap<string, number> {
  const known = indexes.get(traces);
  if (known) return known;
  const index = new Map<string, number>();
  for (const { by, key, created } of traces) {
    const [name, at] = [`${by} ${key}`, Date.parse(created)];
    index.set(name, Math.min(at, index.get(name) ?? at));
  }
  indexes.set(traces, index);
  return index;
}
