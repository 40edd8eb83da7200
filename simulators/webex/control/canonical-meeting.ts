import type { Exception, Invitees, JsonObject, MeetingRecord } from '../meeting-record.js';

export const instant = (ms: number): string => new Date(ms).toISOString();
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Everything about one meeting that a roll-back must bring back; nothing that passes by itself. */
export const canonicalMeeting = (record: MeetingRecord): JsonObject => ({
  id: record.id,
  meetingNumber: record.number,
  webLink: record.link,
  password: record.password,
  hostEmail: record.hostEmail,
  siteUrl: record.siteUrl,
  scheduledType: record.scheduledType,
  title: record.plan.title,
  agenda: record.plan.agenda,
  timezone: record.plan.timezone,
  start: instant(record.plan.start),
  end: instant(record.plan.end),
  recurrence: record.plan.recurrence ?? null,
  options: record.options,
  integrationTags: record.tags.tags,
  exceptions: [...record.exceptions].sort(([a], [b]) => a - b).map(([original, exception]) => canonicalException(original, exception)),
  invitees: sorted(record.invitees),
  breakouts: record.breakouts.map((session) => ({ ...session })),
  registrants: record.registrants.map((registrant) => ({ ...registrant })),
});

/** What is as its series says is left out. */
const canonicalException = (original: number, { start, end, invitees, breakouts, ...rest }: Exception): JsonObject => ({
  original: instant(original),
  ...rest,
  ...(start === undefined ? {} : { start: instant(start) }),
  ...(end === undefined ? {} : { end: instant(end) }),
  ...(invitees ? { invitees: sorted(invitees) } : {}),
  ...(breakouts ? { breakouts: breakouts.map((session) => ({ ...session })) } : {}),
});

const sorted = (invitees: Invitees): readonly JsonObject[] => [...invitees.values()].sort((a, b) => compare(a.email, b.email)).map((invitee) => ({ ...invitee }));
