import fc from 'fast-check';

/** Twenty zones: with and without summer time, both hemispheres, half and quarter hours, changes of half an hour, the ends of the day. */
export const zones = [
  'UTC', 'Europe/Amsterdam', 'Europe/London', 'Europe/Athens', 'Africa/Cairo', 'Africa/Lagos', 'America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'America/Sao_Paulo',
  'America/Santiago', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tokyo', 'Asia/Tehran', 'Asia/Jerusalem', 'Australia/Sydney', 'Australia/Lord_Howe', 'Pacific/Auckland', 'Pacific/Kiritimati',
] as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A series as an organiser would plan it; `start` in milliseconds from now, to the minute. */
export interface AnySeries {
  readonly timezone: string;
  readonly start: number;
  readonly length: number;
  readonly recurrence: string;
  readonly agenda: string;
  readonly invitees: number;
  /** Names of breakout sessions; none: it has them switched off. */
  readonly sessions?: readonly string[] | undefined;
  readonly edits: readonly AnyEdit[];
}

/** What an organiser does to the occurrence at this place among those to come. */
export interface AnyEdit {
  readonly at: number;
  readonly deleted: boolean;
  /** Milliseconds by which it begins earlier or later, and ends later than that. */
  readonly move?: number | undefined;
  readonly longer?: number | undefined;
  readonly title?: string | undefined;
  readonly agenda?: string | undefined;
  /** By the vendor's own names. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Breakout sessions of its own, by their names; `off`: switched off for it. */
  readonly sessions?: readonly string[] | 'off' | undefined;
  readonly add: number;
  readonly remove: number;
}

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const interval = fc.constantFrom(1, 1, 1, 2, 3);
const until = (in_: number): string => new Date(Date.now() + in_ * DAY).toISOString().slice(0, 19).replace(/[-:]/g, '');
const end = (least: number, most: number) =>
  fc.oneof({ arbitrary: fc.integer({ min: least, max: most }).map((count) => `;COUNT=${count}`), weight: 4 }, { arbitrary: fc.integer({ min: 20, max: 700 }).map((in_) => `;UNTIL=${until(in_)}Z`), weight: 3 }, { arbitrary: fc.constant(''), weight: 1 });

const recurrence: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(interval, end(5, 600)).map(([n, stop]) => `FREQ=DAILY;INTERVAL=${n}${stop}`),
  fc.tuple(interval, fc.uniqueArray(fc.constantFrom(...days), { minLength: 1, maxLength: 4 }), end(3, 120)).map(([n, on, stop]) => `FREQ=WEEKLY;INTERVAL=${n};BYDAY=${on.join(',')}${stop}`),
  fc.tuple(interval, fc.constantFrom(1, 15, 28, 30, 31), end(3, 40)).map(([n, on, stop]) => `FREQ=MONTHLY;INTERVAL=${n};BYMONTHDAY=${on}${stop}`),
  fc.tuple(fc.constantFrom('1', '2', '-1', '5'), fc.constantFrom(...days), end(3, 40)).map(([nth, on, stop]) => `FREQ=MONTHLY;INTERVAL=1;BYDAY=${nth}${on}${stop}`),
  fc.constant('FREQ=YEARLY;INTERVAL=1;COUNT=5'),
);

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** What organisers set for one occurrence: settings of which a policy decides, and others. */
const ownSettings: readonly Readonly<Record<string, unknown>>[] = [
  { enabledJoinBeforeHost: true, joinBeforeHostMinutes: 5 },
  { unlockedMeetingJoinSecurity: 'blockFromJoin' },
  { unlockedMeetingJoinSecurity: 'allowJoinWithLobby' },
  { reminderTime: 30, meetingOptions: { enabledChat: false } },
  { enableAutomaticLock: true, automaticLockMinutes: 10 },
  { publicMeeting: true, excludePassword: true },
  { attendeePrivileges: { enabledShareContent: false }, audioConnectionOptions: { muteAttendeeUponEntry: false } },
  { enabledLiveStream: true, liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live/key-1', streamUrl: 'https://stream.example.org/live' } },
];
const edit: fc.Arbitrary<AnyEdit> = fc.record({
  // The next ones often: they are where a new series begins.
  at: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 })),
  deleted: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
  move: option(fc.oneof(fc.integer({ min: -300, max: 600 }).map((n) => n * MINUTE), fc.integer({ min: -3, max: 6 }).map((n) => n * DAY))),
  longer: option(fc.integer({ min: 1, max: 12 }).map((n) => n * 15 * MINUTE)),
  title: option(fc.constantFrom('Quib Flomp', 'Zorble')),
  agenda: option(fc.constantFrom('', 'Bring the other blorb')),
  settings: option(fc.constantFrom(...ownSettings)),
  sessions: fc.constantFrom(undefined, undefined, undefined, [], ['Quib', 'Quib'], 'off' as const),
  add: fc.constantFrom(0, 0, 0, 1, 2),
  remove: fc.constantFrom(0, 0, 0, 1),
});

export const anySeriesIn = (timezone: string): fc.Arbitrary<AnySeries> =>
  fc.record({
    timezone: fc.constant(timezone),
    start: fc.oneof(fc.integer({ min: -500, max: 30 }).map((n) => n * DAY), fc.integer({ min: -400 * 24, max: 48 }).map((n) => n * HOUR)),
    length: fc.constantFrom(10, 30, 60, 90, 240, 23 * 60).map((n) => n * MINUTE),
    recurrence,
    agenda: fc.constantFrom('', 'Talk about the blorb'),
    invitees: fc.integer({ min: 0, max: 4 }),
    sessions: fc.constantFrom(undefined, undefined, [], ['Plim', 'Tarok']),
    edits: fc.array(edit, { maxLength: 8 }),
  });
