import type { MeetingSnapshot } from '../../domain/meeting.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aMeeting, aSeries, aWindow, day, failureOf, items, occurrencesOf, paged, REF, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import { hostsOf, inDays, legacy, start, stopAll } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);
const plain = occurrencesOf(aSeries());
const read = (occurrences: readonly Json[], series = aSeries()): Promise<MeetingSnapshot> => snapshotOf(vendor, series, { occurrences });

/** The plain list with its fourth occurrence changed. */
const withFourth = (changes: Json): readonly Json[] => plain.map((occurrence, i) => (i === 3 ? { ...occurrence, ...changes } : occurrence));

test('a series that the vendor holds as its rule says is read with all its occurrences', async () => {
  const { refusal, kind, occurrences } = await read(plain);
  expect([refusal, kind]).toEqual([undefined, 'series']);
  expect(occurrences).toEqual(plain.map(({ start: begin, end }) => ({ start: begin, end })));
});

describe('a server that never sends isModified', () => {
  const changes: readonly (readonly [string, readonly Json[]])[] = [
    ['moved', withFourth({ start: day(6, 14), end: day(6, 15) })],
    ['moved by minutes', withFourth({ start: day(6, 10.25), end: day(6, 11.25) })],
    ['moved onto another day of the series', withFourth({ start: day(7), end: day(7, 11) })],
    ['renamed', withFourth({ title: 'Other Teskum' })],
    ['given a number of its own', withFourth({ meetingNumber: '25501119999' })],
    ['lengthened', withFourth({ end: day(6, 12) })],
    ['shortened', withFourth({ end: day(6, 10.5) })],
    ['deleted', plain.filter((_, i) => i !== 3)],
    ['added', [...plain, { ...plain[0], id: 'm1_x', start: day(5, 16), end: day(5, 17) }]],
    ['moved behind the last', withFourth({ start: day(20), end: day(20, 11) })],
  ];
  test.each(changes)('does not hide that an occurrence was %s', async (_, occurrences) => expect((await read(occurrences)).refusal).toBe('SeriesExceptions'));

  test('does not hide that all that is left was deleted', async () => expect((await read([])).refusal).toBe('SeriesExceptions'));
});

test('an occurrence that only says that it was changed makes the series refused', async () => expect((await read(withFourth({ isModified: true }))).refusal).toBe('SeriesExceptions'));

test('a refused series costs no question about its invitees', async () => {
  await read([]);
  expect(vendor.to('GET', '/meetingInvitees')).toEqual([]);
});

test('an occurrence without a time is named with its field', async () => {
  const failure = await failureOf(read(withFourth({ start: undefined })));
  expect([failure.type, failure.facts.fields]).toEqual(['VendorRefused', ['occurrences.start']]);
});

test('a server that ignores meetingType and lists the definition and held instances too does not make a plain series refused', async () => {
  const held = { ...plain[0], id: 'm1_I_1', meetingType: 'meeting', isModified: undefined };
  expect((await read([aSeries(), ...plain, held])).refusal).toBeUndefined();
});

test('a server that ignores meetingSeriesId and lists other series too does not make a plain one refused', async () => {
  const other = aSeries({ id: 's2', meetingNumber: '25501112222', title: 'Quib', start: day(3, 14), end: day(3, 15) });
  expect((await read([...plain, ...occurrencesOf(other)])).refusal).toBeUndefined();
});

test('a rule that nobody can read is refused, never guessed', async () => {
  expect((await read(plain, aSeries({ recurrence: 'FREQ=SOMETIMES;COUNT=10' }))).refusal).toBe('UnknownRecurrence');
});

test('a rule that repeats within a day is refused before it is written out: years of seconds fit into no memory', async () => {
  expect((await snapshotOf(vendor, aSeries({ recurrence: 'FREQ=SECONDLY' }), { days: 1 })).refusal).toBe('UnknownRecurrence');
});

test('occurrences of a long series are asked for in slices that fit on a page, and each is looked at', async () => {
  const series = aSeries({ recurrence: 'FREQ=DAILY;INTERVAL=1;COUNT=200' });
  const all = [...occurrencesOf(series, 200)];
  const inside = (from: string, to: string) => all.filter(({ start: begin, end }) => String(end) > from && String(begin) < to);
  vendor.on('GET', '/meetings/m1', { body: series }).on('GET', '/meetingInvitees', items());
  vendor.on('GET', '/meetings', (asked) => paged(() => inside(asked.query.get('from') ?? '', asked.query.get('to') ?? ''), () => vendor.origin)(asked));
  const { webex } = subject(vendor.baseUrl);
  expect(await webex.readMeeting(REF, aWindow())).toHaveProperty('refusal', undefined);
  expect(vendor.to('GET', '/meetings')).toHaveLength(3);
  all[150] = { ...all[150], end: day(153, 12) };
  expect(await webex.readMeeting(REF, aWindow())).toHaveProperty('refusal', 'SeriesExceptions');
});

test('a meeting that fell out of its list in between is gone or fails, but is not taken for a single one', async () => {
  vendor.on('GET', '/meetings/m1', { body: aSeries() }).on('GET', '/meetings', { status: 404 });
  expect((await failureOf(subject(vendor.baseUrl).webex.readMeeting(REF, aWindow()))).type).toBe('MeetingGone');
});

test('the simulator agrees: a series is plain until one of its occurrences is deleted', async () => {
  const client = await start();
  const [host = ''] = await hostsOf(client);
  const planned = await legacy(client, host, { recurrence: 'FREQ=DAILY;INTERVAL=1;COUNT=10', start: inDays(3), end: inDays(3, 11) });
  const { webex } = subject(client.simulators.webex.url, { token: client.simulators.webex.token });
  const ref = { ...REF, id: planned.id, hostEmail: host };
  expect(await webex.readMeeting(ref, aWindow())).toMatchObject({ refusal: undefined, kind: 'series' });
  const { items: occurrences } = await client.all('/meetings', { hostEmail: host, meetingSeriesId: planned.id, from: day(0), to: day(40), max: '100' });
  expect(occurrences).toHaveLength(10);
  await client.delete(`/meetings/${String(occurrences[4]?.['id'])}`, { hostEmail: host, sendEmail: 'false' });
  expect(await webex.readMeeting(ref, aWindow())).toHaveProperty('refusal', 'SeriesExceptions');
});

test('a single meeting asks no list of occurrences', async () => {
  expect((await snapshotOf(vendor, aMeeting())).refusal).toBeUndefined();
  expect(vendor.to('GET', '/meetings')).toEqual([]);
});
