import { canonical } from './canonical.js';
import { changesLeft, keyOfChange, keysOf } from './changes.js';
import type { Invitee, MeetingIdentity, MeetingSnapshot, Occurrence } from './meeting.js';
import { partsThatDiffer } from './parts.js';

/**
 * Reads a replacement against its legacy: names of the fields that are not as they must be, empty when all is well.
 * Handles must differ; everything else must be equal, options as `intended` says. `now` in milliseconds since the epoch.
 */
export function differences(legacy: MeetingSnapshot, replacement: MeetingSnapshot, intended: Readonly<Record<string, unknown>>, now: number): readonly string[] {
  return [
    ...sharedHandles(legacy.identity, replacement.identity),
    ...passwordFaults(legacy, replacement),
    ...(['title', 'timezone', 'kind'] as const).filter((field) => legacy[field] !== replacement[field]),
    ...(sameHost(legacy, replacement) ? [] : ['host']),
    ...(sameOccurrences(legacy.occurrences, replacement.occurrences, now) && sameChangesToCome(legacy, replacement, now) && !replacement.refusal ? [] : ['occurrences']),
    ...(sameInvitees(legacy.invitees, replacement.invitees) ? [] : ['invitees']),
    ...partsThatDiffer(legacy.parts, replacement.parts),
    ...Object.keys(intended)
      .filter((option) => !isAs(intended[option], replacement.options[option]))
      .map((option) => `options.${option}`),
  ];
}

/** What is off may be left out of an answer. */
const isAs = (intended: unknown, shown: unknown): boolean => canonical(intended) === canonical(shown) || (intended === false && shown === undefined);

const handles = ['id', 'number', 'link', 'sipAddress', 'accessCode'] as const satisfies readonly (keyof MeetingIdentity)[];

function sharedHandles(legacy: MeetingIdentity, replacement: MeetingIdentity): readonly string[] {
  return handles.filter((handle) => legacy[handle] !== undefined && legacy[handle] === replacement[handle]);
}

/** A passcode is never carried over, and never lost. */
function passwordFaults(legacy: MeetingSnapshot, replacement: MeetingSnapshot): readonly string[] {
  if (legacy.password === undefined) return [];
  return replacement.password === undefined || replacement.password === legacy.password ? ['password'] : [];
}

const sameHost = (a: MeetingSnapshot, b: MeetingSnapshot): boolean => a.identity.hostEmail.toLowerCase() === b.identity.hostEmail.toLowerCase();

/**
 * A legacy occurrence that began since the snapshot may be missing in the replacement, which starts with the next one.
 * That the vendor lists other occurrences than the rule gives, it says as a refusal.
 */
function sameOccurrences(legacy: readonly Occurrence[], replacement: readonly Occurrence[], now: number): boolean {
  const first = replacement[0];
  if (!first) return false;
  const remaining = legacy.filter(({ start }) => start >= first.start || Date.parse(start) > now);
  return remaining.length === replacement.length && remaining.every(({ start, end }, i) => start === replacement[i]?.start && end === replacement[i].end);
}

/** Titles, descriptions and invitees of single occurrences. What has begun no longer counts, nor what was deleted before the replacement begins. */
function sameChangesToCome(legacy: MeetingSnapshot, replacement: MeetingSnapshot, now: number): boolean {
  const begins = Date.parse(replacement.start);
  const [a, b] = [legacy, replacement].map((meeting) =>
    changesLeft(meeting, now)
      .filter(({ original, held }) => Date.parse(held?.start ?? original) > now && (held !== undefined || Date.parse(original) >= begins))
      .map(keyOfChange)
      .join('\n'),
  );
  return a === b;
}

const sameInvitees = (legacy: readonly Invitee[], replacement: readonly Invitee[]): boolean => keysOf(legacy).join('\n') === keysOf(replacement).join('\n');
