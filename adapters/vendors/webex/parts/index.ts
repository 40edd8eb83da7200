import { RelinkFailure } from '../../../../domain/failures.js';
import type { Instant, MeetingSnapshot, Parts, RefusalReason } from '../../../../domain/meeting.js';
import { partsThatDiffer } from '../../../../domain/parts.js';
import type { Written } from '../../../../domain/ports.js';
import type { WebexClient } from '../client.js';
import { unlessGone } from '../errors.js';
import { breakoutSessions } from './breakout-sessions.js';
import type { Part, Place } from './part.js';
import { areUnrepeatable, registrants } from './registrants.js';
import { registration } from './registration.js';
import { simultaneousInterpretation } from './simultaneous-interpretation.js';

const known: readonly Part[] = [breakoutSessions, simultaneousInterpretation, registration, registrants];

type Attached = Pick<MeetingSnapshot, 'parts' | 'partsSince' | 'partsLost'>;

/** What is attached to a meeting that GET /meetings/{id} shows so. Costs requests only for what it has. */
export async function readParts(client: WebexClient, place: Place, shown: Readonly<Record<string, unknown>>): Promise<Attached> {
  const parts: Record<string, Parts[string]> = {};
  let partsSince: Instant | undefined;
  const lost = new Set<string>();
  for (const part of known.filter((each) => each.isOn(shown))) {
    const items = await unlessGone(part.read(client, { ...place, onOldest: (at) => (partsSince = at), onLost: (field) => lost.add(field) }, shown));
    // The meeting is there, so this does not say that it is gone.
    if (items === 'gone') throw new RelinkFailure('VendorRefused', `the vendor does not show ${part.name}`, { fields: [part.name] });
    parts[part.name] = items;
  }
  return Object.keys(parts).length > 0 ? { parts, partsSince, ...(lost.size > 0 ? { partsLost: [...lost] } : {}) } : {};
}

export const hasParts = (shown: Readonly<Record<string, unknown>>): boolean => known.some((part) => part.isOn(shown));

/** Parts of which this says whether the meeting has them: a list may leave out what a meeting says of itself. */
export const namedParts = (shown: Readonly<Record<string, unknown>>): readonly string[] => known.flatMap(({ name, member }) => (shown[member] === undefined ? [] : [name]));

/** Whether one occurrence of a series has other parts than its series; what its answer leaves out is as the series says. */
export async function hasOwnParts(client: WebexClient, place: Place, shown: { readonly series: object; readonly own: object; readonly parts: Parts | undefined }): Promise<boolean> {
  const { parts } = await readParts(client, place, { ...shown.series, ...shown.own });
  return partsThatDiffer(shown.parts, parts).length > 0;
}

export const bodyOfParts = (legacy: MeetingSnapshot): object => Object.assign({}, ...partsOf(legacy).map(({ part, items }) => part.bodyOf(items, legacy))) as object;

/** Whether something is left for `ensureParts`. */
export const hasLaterParts = (legacy: MeetingSnapshot): boolean => partsOf(legacy).some(({ part, items }) => part.isLater?.(items) === true);

export const lostInParts = (legacy: MeetingSnapshot): readonly string[] => [...partsOf(legacy).flatMap(({ part, items }) => part.lost?.(items) ?? []), ...(legacy.partsLost ?? [])];

/** Why no new meeting can have these, although they can be read. */
export const refusalOfParts = (parts: Parts | undefined): RefusalReason | undefined => (areUnrepeatable(parts) ? 'Registration' : undefined);

export async function ensureParts(client: WebexClient, place: Place, legacy: MeetingSnapshot): Promise<Written> {
  let written: Written = {};
  for (const { part, items } of partsOf(legacy)) written = { ...written, ...(await part.ensure(client, place, items)) };
  return written;
}

const partsOf = ({ parts = {} }: MeetingSnapshot) => known.flatMap((part) => (parts[part.name] ? [{ part, items: parts[part.name] ?? [] }] : []));
