import type { Invitee, MeetingIdentity, MeetingSnapshot, Occurrence } from './meeting.js';

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
    ...(sameOccurrences(legacy.occurrences, replacement.occurrences, now) && !replacement.refusal ? [] : ['occurrences']),
    ...(sameInvitees(legacy.invitees, replacement.invitees) ? [] : ['invitees']),
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

const inviteeKey = ({ email, coHost, panelist }: Invitee): string => `${email.toLowerCase()} ${coHost} ${panelist}`;

/** The vendor overrides display names, so they are no difference. */
function sameInvitees(legacy: readonly Invitee[], replacement: readonly Invitee[]): boolean {
  const [a, b] = [legacy, replacement].map((list) => [...new Set(list.map(inviteeKey))].sort().join('\n'));
  return a === b;
}

/** JSON with sorted keys: equal text means equal value. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
}
