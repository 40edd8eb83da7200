import { createVendor } from '../../adapters/vendors/index.js';
import { judge } from '../../domain/judge.js';
import { figuresOf, shapeOf, type Shape, type ShapedMeeting, type ShapeLine } from '../../domain/shape.js';
import type { State } from '../../domain/states.js';
import { aSpec } from '../support/specs.js';
import { start, stopAll, wide } from './simulator-client.js';

afterEach(stopAll);

const CUT_OFF = '2024-05-28T00:00:00.000Z';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const sites = ['example.webex.com', 'example-2.webex.com'];
const apart = ['apart-1.example.webex.com'];
const pacer = { beforeRequest: async () => undefined, quietFor: async () => undefined };

const m = (kind: ShapedMeeting['kind'], startsInMs: number | null, more: Partial<ShapedMeeting> = {}): ShapedMeeting => ({ kind, finding: 'affected', reason: null, startsInMs, ...more });
const refused = (kind: ShapedMeeting['kind'], reason: string) => m(kind, 3 * DAY, { finding: 'refused', reason });
const excluded = (kind: ShapedMeeting['kind'], reason: string) => m(kind, 3 * DAY, { finding: 'excluded', reason });
const late = (kind: ShapedMeeting['kind']) => m(kind, 3 * DAY, { finding: 'unaffected', reason: 'CreatedAfter' });

const shape: Shape = {
  hosts: [
    Array.from({ length: 60 }, (_, i) => m(i % 3 === 0 ? 'series' : 'single', i * 11 * HOUR)),
    [refused('webinar', 'Webinar'), refused('space', 'SpaceMeeting'), refused('single', 'LiveStream'), refused('single', 'CalendarManaged'), refused('series', 'CalendarManaged'), refused('series', 'Registration'), refused('single', 'EvidenceMissing')],
    [late('single'), late('series'), late('webinar'), excluded('single', 'HostOutOfScope'), excluded('webinar', 'Exempted'), m('single', -HOUR / 2, { finding: 'unaffected', reason: 'AlreadyStarted' }), m('series', -HOUR / 2, { finding: 'unaffected', reason: 'AlreadyStarted' })],
    [m('room', null), m('room', null), m('single', 40 * DAY), excluded('room', 'Exempted'), excluded('personal-room', 'InPersonalRoom')],
  ],
};
const rehearsal = { ...shape, sites, apart, soonestMs: 2 * HOUR };
const spec = aSpec('shape', { scope: { hosts: 'all', sites, horizonMs: 365 * DAY, personalRooms: true } });

type Client = Awaited<ReturnType<typeof start>>;

/** What an inventory of ours finds there, as a plan has it. */
async function planned(client: Client): Promise<readonly ShapeLine[]> {
  const webex = createVendor('webex', { baseUrl: client.simulators.webex.url, token: async () => client.simulators.webex.token, pacer, timeoutMs: 60_000 });
  const inventory = await client.control<string>('GET', `inventory?at=${CUT_OFF}`);
  const evidence = { unknown: 'affected', snapshots: [{ takenAt: CUT_OFF, ids: inventory.split('\n').slice(1) }] } as const;
  const { hosts } = await webex.listHosts(null);
  const states = { affected: 'waiting', unaffected: 'unaffected', excluded: 'excluded', refused: 'refused' } as const satisfies Record<string, State>;
  const found = hosts.map(async (host) => {
    const { meetings } = await webex.listMeetings(host, { from: new Date().toISOString(), to: wide.to });
    const { meetings: rooms } = await webex.rooms.list(host, meetings);
    return [...meetings, ...rooms].map((meeting) => {
      const { verdict, reason } = judge({ host, meeting, siblings: meetings, spec: { ...spec, evidence }, exempted: false, now: Date.now() });
      return { host: host.email, kind: meeting.kind, state: states[verdict], reason, startsAt: meeting.next?.start ?? null };
    });
  });
  return (await Promise.all(found)).flat();
}

const sorts = (of: Shape): readonly string[] => of.hosts.map((meetings) => meetings.map(({ kind, finding }) => `${kind} ${finding}`).sort().join(', ')).sort();

test('an organisation that is made after a shape gives an inventory of that shape: per host as many of each kind and finding', async () => {
  const client = await start({ shape: rehearsal, seed: 3, cutoff: CUT_OFF, supports: ['room'] });
  const found = shapeOf(await planned(client), Date.now());
  expect(sorts(found)).toEqual(sorts(shape));
  expect(figuresOf(found)).toEqual(figuresOf(shape));
});

test('meetings begin when the shape says, none sooner than a rehearsal may last', async () => {
  const client = await start({ shape: rehearsal, seed: 4, cutoff: CUT_OFF });
  const starts = (await planned(client)).filter(({ state, kind }) => state === 'waiting' && kind !== 'room').map(({ startsAt }) => Date.parse(startsAt ?? '') - Date.now()).sort((a, b) => a - b);
  const wanted = shape.hosts.flat().filter(({ finding, kind }) => finding === 'affected' && kind !== 'room').map(({ startsInMs }) => Math.max(startsInMs ?? 0, 2 * HOUR)).sort((a, b) => a - b);
  starts.forEach((start_, i) => expect(Math.abs(start_ - wanted[i]!)).toBeLessThan(HOUR + 2 * 60_000)); // a series whose first day has not the hour of today keeps to the clocks
});

test('the vendor counts exactly what is to be replaced as left, so a campaign that does it leaves nothing', async () => {
  const client = await start({ shape: rehearsal, seed: 5, cutoff: CUT_OFF, supports: ['room'] });
  expect(await client.control('GET', `audit?cutoff=${CUT_OFF}`)).toMatchObject({ legacyLeft: figuresOf(shape).meetings, orphans: 0 });
});
