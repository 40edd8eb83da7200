import type { MeetingSnapshot } from '../../domain/meeting.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aHost, aMeeting, anInvitee, aSeries, aWindow, day, failureOf, items, occurrenceId, occurrencesOf, paged, policy, REF, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import { hostsOf, inDays, legacy, start, stopAll } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);
const plain = occurrencesOf(aSeries());
const read = (occurrences: readonly Json[], series = aSeries()): Promise<MeetingSnapshot> => snapshotOf(vendor, series, { occurrences });

/** A server that shows these occurrences in lists and by their ids, and no others. */
function answer(occurrences: readonly Json[]): void {
  vendor.on('GET', '/meetings/m1', { body: aSeries() }).on('GET', '/meetings', items(...occurrences)).on('GET', '/meetingInvitees', items());
  for (const { id } of plain) vendor.on('GET', `/meetings/${String(id)}`, { status: 404 });
  for (const shown of occurrences) vendor.on('GET', `/meetings/${String(shown['id'])}`, { body: shown });
}

async function readChanged(occurrences: readonly Json[]): Promise<MeetingSnapshot> {
  answer(occurrences);
  const found = await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow());
  if (found === 'gone') throw new Error('gone');
  return found;
}

const timesOf = (occurrences: readonly Json[]) =>
  occurrences.map(({ start: begin, end }) => ({ start: String(begin), end: String(end) })).sort((a, b) => (a.start + a.end < b.start + b.end ? -1 : 1));

/** The plain list with its fourth occurrence changed. */
const withFourth = (changes: Json): readonly Json[] => plain.map((occurrence, i) => (i === 3 ? { ...occurrence, ...changes } : occurrence));

test('a series that the vendor holds as its rule says is read with all its occurrences', async () => {
  const { refusal, kind, occurrences } = await read(plain);
  expect([refusal, kind]).toEqual([undefined, 'series']);
  expect(occurrences).toEqual(plain.map(({ start: begin, end }) => ({ start: begin, end })));
});

describe('a server that never sends isModified', () => {
  const held = (changes: Json = {}) => ({ start: day(6), end: day(6, 11), title: 'Vorla Teskum', agenda: undefined, invitees: [], ...changes });
  const changes: readonly (readonly [string, readonly Json[], Json])[] = [
    ['moved', withFourth({ start: day(6, 14), end: day(6, 15) }), { held: held({ start: day(6, 14), end: day(6, 15) }) }],
    ['moved by minutes', withFourth({ start: day(6, 10.25), end: day(6, 11.25) }), { held: held({ start: day(6, 10.25), end: day(6, 11.25) }) }],
    ['moved onto another day of the series', withFourth({ start: day(7), end: day(7, 11) }), { held: held({ start: day(7), end: day(7, 11) }) }],
    ['renamed', withFourth({ title: 'Other Teskum' }), { held: held({ title: 'Other Teskum' }) }],
    ['given another description', withFourth({ agenda: 'Quib', isModified: true }), { held: held({ agenda: 'Quib' }) }],
    ['lengthened', withFourth({ end: day(6, 12) }), { held: held({ end: day(6, 12) }) }],
    ['shortened', withFourth({ end: day(6, 10.5) }), { held: held({ end: day(6, 10.5) }) }],
    ['given a setting of its own', withFourth({ isModified: true, enabledJoinBeforeHost: true }), { held: held({ options: { enabledJoinBeforeHost: true } }) }],
    ['deleted', plain.filter((_, i) => i !== 3), {}],
    ['moved behind the last', withFourth({ start: day(20), end: day(20, 11) }), { held: held({ start: day(20), end: day(20, 11) }) }],
  ];
  test.each(changes)('does not hide that an occurrence was %s', async (_, occurrences, change) => {
    const found = await readChanged(occurrences);
    expect([found.refusal, found.changes]).toEqual([undefined, [{ original: day(6), ...change }]]);
    expect(found.occurrences).toEqual(timesOf(occurrences));
  });

  test.each([['renamed', true], ['deleted', false]])('leaves the organiser to pass on the own new link of an occurrence that was %s: %s', async (which, own) => {
    const found = await readChanged(changes.find(([name]) => name === which)![1]);
    expect(subject(vendor.baseUrl).webex.intendedOptions(found, policy).lost).toEqual(['hostKey', ...(own ? ['occurrenceLinks'] : [])]);
  });

  test('does not make a change of a number that an occurrence got when it was changed and changed back', async () => {
    const found = await readChanged(withFourth({ meetingNumber: '25501119999' }));
    expect([found.refusal, found.changes]).toEqual([undefined, []]);
  });

  test.each([
    ['one was added of which the rule knows nothing', [...plain, { ...plain[0], id: 'm1_x', start: day(5, 16), end: day(5, 17) }]],
    ['one has an id that the rule does not give', [...plain, { ...plain[0], id: occurrenceId(aSeries(), day(5, 16)), start: day(5, 16), end: day(5, 17) }]],
    ['all that is left was deleted, or the list lags', []],
  ])('does not hide that %s', async (_, occurrences) => expect((await readChanged(occurrences)).refusal).toBe('SeriesExceptions'));
});

test('an occurrence that the list leaves out, but that is there, was not deleted', async () => {
  answer(plain);
  vendor.on('GET', '/meetings', items(...plain.slice(1)));
  expect(await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow())).toMatchObject({ refusal: undefined, changes: [], occurrences: timesOf(plain) });
});

test('invitees of a changed occurrence are its own', async () => {
  answer(withFourth({ isModified: true }));
  vendor.on('GET', '/meetingInvitees', items(anInvitee('kim@example.org')));
  vendor.on('GET', '/meetingInvitees', items(anInvitee('kim@example.org'), anInvitee('jo@example.org', { coHost: true })), { meetingId: occurrenceId(aSeries(), day(6)) });
  const found = await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow());
  expect(found === 'gone' ? [] : found.changes?.[0]?.held?.invitees.map(({ email, coHost }) => [email, coHost])).toEqual([['kim@example.org', false], ['jo@example.org', true]]);
});

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

/** A day so many years from now, as a rule ends. */
const inYears = (years: number): string => `UNTIL=${day(years * 366).slice(0, 10).replaceAll('-', '')}T000000Z`;
/** It began so many days ago. */
const begun = (days: number, recurrence: string): Json => aSeries({ start: day(-days), end: day(-days, 11), recurrence });

describe('a rule with an end that has more left than the vendor plans', () => {
  test.each<[string, Json]>([
    ['days', aSeries({ recurrence: 'FREQ=DAILY;INTERVAL=1;COUNT=1827' })],
    ['days, by its last one', aSeries({ recurrence: `FREQ=DAILY;INTERVAL=1;${inYears(90)}` })],
    ['weeks', aSeries({ recurrence: 'FREQ=WEEKLY;INTERVAL=1;COUNT=262' })],
    ['weeks, beyond what is looked at', aSeries({ recurrence: `FREQ=WEEKLY;INTERVAL=2;${inYears(12)}` })],
    ['weeks of several days', aSeries({ recurrence: 'FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE;COUNT=523' })],
    ['months', aSeries({ recurrence: `FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15;${inYears(6)}` })],
    ['years', aSeries({ recurrence: 'FREQ=YEARLY;INTERVAL=1;COUNT=6' })],
    ['years, since long ago', begun(1_500, 'FREQ=YEARLY;INTERVAL=1;COUNT=11')],
  ])('is refused by a list already, and before anything is written: %s', async (_, series) => {
    vendor.on('GET', '/meetings', items(), { meetingType: 'scheduledMeeting' }).on('GET', '/meetings', items(series), { meetingType: 'meetingSeries' });
    const { meetings } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
    expect(meetings.map(({ refusal }) => refusal)).toEqual(['UnknownRecurrence']);
    expect((await snapshotOf(vendor, series)).refusal).toBe('UnknownRecurrence');
  });

  test.each<[string, Json]>([
    ['no end', aSeries({ recurrence: 'FREQ=DAILY;INTERVAL=1' })],
    ['as many as may be', aSeries({ recurrence: 'FREQ=YEARLY;INTERVAL=1;COUNT=5' })],
    ['as many weeks as may be', aSeries({ recurrence: 'FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE;COUNT=522' })],
    ['had more, of which most are over', begun(1_500, 'FREQ=YEARLY;INTERVAL=1;COUNT=9')],
    ['an end within five years', aSeries({ recurrence: `FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15;${inYears(4)}` })],
  ])('is not meant by one that has %s', async (_, series) => {
    vendor.on('GET', '/meetings', items(), { meetingType: 'scheduledMeeting' }).on('GET', '/meetings', items(series), { meetingType: 'meetingSeries' });
    const { meetings } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
    expect(meetings.map(({ refusal }) => refusal)).toEqual([undefined]);
  });
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
  vendor.on('GET', `/meetings/${String(all[150]['id'])}`, { body: all[150] });
  expect(await webex.readMeeting(REF, aWindow())).toHaveProperty('changes', [expect.objectContaining({ original: day(153) })]);
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
  const original = new Date(String(occurrences[4]?.['start'])).toISOString();
  expect(await webex.readMeeting(ref, aWindow())).toMatchObject({ refusal: undefined, changes: [{ original }] });
});

test('a single meeting asks no list of occurrences', async () => {
  expect((await snapshotOf(vendor, aMeeting())).refusal).toBeUndefined();
  expect(vendor.to('GET', '/meetings')).toEqual([]);
});
