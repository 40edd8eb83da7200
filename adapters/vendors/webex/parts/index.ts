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

/**
 * All parts of one occurrence of a series, where they are not those of its series; what its answer leaves out is as the series says. Only breakout sessions
 * may be others: that they are set for a scheduled meeting as for a series the vendor's document says, and that of interpreters an occurrence is given some
 * silently it does not. `unrepeatable`: others differ too.
 */
export async function readOwnParts(client: WebexClient, place: Place, shown: { readonly series: object; readonly own: object; readonly parts: Parts | undefined }): Promise<{ readonly parts?: Parts } | 'unrepeatable'> {
  const { parts = {} } = await readParts(client, place, { ...shown.series, ...shown.own });
  const differ = partsThatDiffer(shown.parts, parts);
  if (differ.some((name) => name !== breakoutSessions.name)) return 'unrepeatable';
  return differ.length > 0 ? { parts } : {};
}

/** What PATCH is to say of the own parts of an occurrence that has had what is in `known`: whether it has sessions. */
export function bodyOfOwnParts(own: Parts | undefined, known: readonly (Parts | undefined)[]): object {
  const isOn = (parts: Parts = {}): boolean => parts[breakoutSessions.name] !== undefined;
  return own === undefined || known.every((parts) => isOn(parts) === isOn(own)) ? {} : { [breakoutSessions.member]: isOn(own) };
}

export async function ensureOwnParts(client: WebexClient, place: Place, own: Parts): Promise<Written> {
  const sessions = own[breakoutSessions.name];
  return sessions ? breakoutSessions.ensure(client, place, sessions) : {};
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
