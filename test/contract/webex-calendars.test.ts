import { HostLists } from '../../activities/host-lists.js';
import { createRemediation } from '../../activities/remediation.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { ItemRef } from '../../domain/ledger.js';
import { fieldsThatDiffer, compare } from '../../domain/compare.js';
import type { ReplacementPolicy } from '../../domain/meeting.js';
import { unlimited } from '../support/ledger.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aHost, aMeeting, aSeries, aWindow, failureOf, items, occurrencesOf as listedOf, policy, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import { readMeeting } from '../support/whole-job.js';
import { GraceBench } from './in-grace.js';
import { inDays, legacy as plan, occurrencesOf, type Fields } from './simulator-client.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const grace = GraceBench.inThisFile();
const vendor = ScriptedVendor.inThisFile();
afterEach(() => jest.restoreAllMocks());

const FRAME = '-- Do not delete or change any of the following text. --';
const probe: ReplacementPolicy = { ...policy, connectors: 'probe' };
const pasted = ({ webLink, meetingNumber }: Fields): string => `Bring the blorb\n${String(webLink)}\n${String(meetingNumber).replace(/^(\d{4})(\d{3})/, '$1 $2 ')}`;

/** A meeting, and what the saga does with it. Its description may need what the vendor gave it. */
async function scene({ more = {}, agenda = () => '', changes = {} }: { readonly more?: Fields; readonly agenda?: (made: Fields) => string; readonly changes?: Partial<CampaignSpec> } = {}) {
  const { client, hostEmail, webex, ledgers } = grace;
  const { id, ...made } = await plan(client, hostEmail, more);
  await grace.edit(id, { agenda: agenda(made) });
  const ref = await ledgers.started(id, hostEmail, changes);
  const steps = createRemediation({ ledger: ledgers.ledger, vendor: webex, lists: new HostLists(webex), identity: 'ops-1', quota: unlimited, listLagMs: 0 });
  const writes = async () => (await client.control<{ method: string; meetingId: string | null; mailsPeople: boolean; status: number }[]>('GET', 'calls')).filter((call) => call.method !== 'GET' && call.meetingId === id);
  const stored = async () => (await client.control<Fields[]>('GET', 'meetings')).find((meeting) => meeting['id'] === id);
  const log = async () => (await ledgers.ledger.items.stepEvents(ref)).filter(({ step }) => step === 'ask calendar').map(({ state, failure, note, trackingId }) => [state, failure ?? note, trackingId !== null]);
  return { id, ref, steps, writes, stored, log, snapshot: () => steps.snapshotLegacy(ref) };
}
const asked = [['started', null, false], ['done', null, true]];
const refusedThere = [['started', null, false], ['done', 'refused', true]];

/** As the saga replaces it; gives what the proof says. */
async function replace(ref: ItemRef, steps: ReturnType<typeof createRemediation>) {
  if (!(await steps.ensureReplacement(ref)).complete) await steps.carryOver(ref);
  const { lost } = await steps.verifyReplacement(ref);
  const { replacement } = await grace.ledgers.ledger.items.get(ref);
  if (!replacement) throw new Error('nothing was made');
  return { lost, made: await readMeeting(grace.webex, replacement) };
}

describe('a meeting whose agenda has its own link and number', () => {
  test('is refused by a list already where a connector has framed them', async () => {
    vendor.on('GET', '/meetings', items(), { meetingType: 'scheduledMeeting' }).on('GET', '/meetings', items(aMeeting({ agenda: FRAME }), aMeeting({ id: 'm2', agenda: 'at https://meet.example.org/j.php?MTID=m1' })), { meetingType: 'meetingSeries' });
    const { meetings } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
    expect(meetings.map(({ refusal }) => refusal)).toEqual(['CalendarManaged', undefined]);
  });

  test('and a human put them there is asked about by an edit that changes nothing, and replaced without them, which is told', async () => {
    const { ref, steps, snapshot, writes, stored, log } = await scene({ agenda: pasted });
    const before = await stored();
    expect(await snapshot()).toMatchObject({ status: 'ready' });
    expect([await stored(), await log()]).toEqual([before, asked]);
    expect(await writes()).toMatchObject([{ method: 'PATCH', status: 200, mailsPeople: false }]);
    const { lost, made } = await replace(ref, steps);
    expect([made.agenda, lost]).toEqual(['Bring the blorb\n[…]\n[…]', ['hostKey', 'agendaHandles']]);
    const fidelity = await grace.ledgers.ledger.items.fidelity(ref);
    expect(fidelity).toEqual(expect.arrayContaining([{ field: 'agenda', verdict: 'intended' }, { field: 'agendaHandles', verdict: 'lost' }]));
  });

  test('and a connector put them there is refused: nothing is made, and nothing of it is touched', async () => {
    const { snapshot, stored, log } = await scene({ more: { connector: true }, agenda: pasted });
    const before = await stored();
    expect(await snapshot()).toEqual({ status: 'refused', reason: 'CalendarManaged' });
    expect([await stored(), await log()]).toEqual([before, refusedThere]);
  });

  test('is not asked about while the campaign is held up, although that began while it was read', async () => {
    const { ref, snapshot, writes, log } = await scene({ agenda: pasted });
    const read = grace.webex.siteRules.bind(grace.webex);
    jest.spyOn(grace.webex, 'siteRules').mockImplementation(async (legacy) => {
      await grace.ledgers.ledger.campaigns.setOrder(ref.campaign, 'pause');
      return read(legacy);
    });
    expect((await failureOf(snapshot())).type).toBe('CampaignPaused');
    expect([await writes(), await log()]).toEqual([[], []]);
  });

  test('and in which people are since it was read goes back to its queue', async () => {
    const { id, snapshot, writes } = await scene({ agenda: pasted });
    const read = grace.webex.siteRules.bind(grace.webex);
    jest.spyOn(grace.webex, 'siteRules').mockImplementation(async (legacy) => {
      await grace.client.control('POST', `meetings/${id}/hold`, { until: inDays(1) });
      return read(legacy);
    });
    expect(await snapshot()).toEqual({ status: 'given-back' });
    expect(await writes()).toEqual([]);
  });

  test('nor outside its windows', async () => {
    const { snapshot, writes } = await scene({ agenda: pasted, changes: { windows: { writes: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: 0, to: 1440, zone: 'UTC', rate: 0 }], notices: [] } } });
    expect((await failureOf(snapshot())).type).toBe('CampaignPaused');
    expect(await writes()).toEqual([]);
  });
});

describe('a meeting whose agenda says nothing', () => {
  test('is not asked about, and a connector that leaves no trace is not seen', async () => {
    const { snapshot, writes } = await scene({ more: { connector: true } });
    expect(await snapshot()).toMatchObject({ status: 'ready' });
    expect(await writes()).toEqual([]);
  });

  test('is asked about where the campaign says so: a connector that leaves no trace is found, and nobody else is refused', async () => {
    const scenes = [await scene({ more: { connector: true }, changes: { policy: probe } }), await scene({ changes: { policy: probe } }), await scene({ more: { recurrence: 'FREQ=WEEKLY;COUNT=5' }, changes: { policy: probe } })];
    const before = await Promise.all(scenes.map(({ stored }) => stored()));
    const found = [];
    for (const { snapshot } of scenes) found.push(await snapshot());
    expect(found).toEqual([{ status: 'refused', reason: 'CalendarManaged' }, expect.objectContaining({ status: 'ready' }), expect.objectContaining({ status: 'ready' })]);
    expect(await Promise.all(scenes.map(({ stored }) => stored()))).toEqual(before);
  });
});

test('of a series the descriptions of changed occurrences are free of handles too, of theirs and of its own', async () => {
  const { id, ref, steps, snapshot } = await scene({ more: { start: inDays(3), end: inDays(3, 11), recurrence: 'FREQ=WEEKLY;COUNT=6' }, agenda: () => 'Talk' });
  const at = async (n: number) => (await occurrencesOf(grace.client, grace.hostEmail, id))[n];
  const edit = async (n: number, changes: Fields) => grace.client.control('POST', `meetings/${id}/occurrences/${String((await at(n))?.start)}/edit`, changes);
  await edit(1, { title: 'Zorble' });
  const own = await at(1);
  await edit(1, { title: 'Zorble', agenda: `Zorble at ${String(own?.['webLink'])}` });
  await edit(2, { agenda: `Talk ${String((await at(0))?.['meetingNumber'])}` });
  await edit(3, { agenda: 'Talk longer' });
  expect(await snapshot()).toMatchObject({ status: 'ready' });
  const { made, lost } = await replace(ref, steps);
  expect(made.changes?.map(({ held }) => held?.agenda)).toEqual(['Zorble at […]', 'Talk […]', 'Talk longer']);
  expect(lost).toContain('agendaHandles');
  expect((await occurrencesOf(grace.client, grace.hostEmail, id)).map(({ title }) => title)).toEqual(['Vorla Teskum', 'Zorble', 'Vorla Teskum', 'Vorla Teskum', 'Vorla Teskum', 'Vorla Teskum']);
});

test('a link that its organiser puts into the agenda during grace is not carried into the new one', async () => {
  const inGrace = await grace.meeting();
  const link = String((await grace.client.get(`/meetings/${inGrace.id}`, { hostEmail: grace.hostEmail })).body['webLink']);
  await grace.edit(inGrace.id, { agenda: `Bring two blorbs to ${link}` });
  expect(await inGrace.retire()).toMatchObject({ outcome: 'followed' });
  expect((await readMeeting(grace.webex, inGrace.made)).agenda).toBe('Bring two blorbs to […]');
  expect(await grace.differing(inGrace)).toEqual([]);
});

test('a replacement that has the old link all the same is found out', async () => {
  const legacy = await snapshotOf(vendor, aMeeting({ agenda: 'at https://meet.example.org/j.php?MTID=m1' }));
  const { options: intended, ...known } = subject(vendor.baseUrl).webex.intendedOptions(legacy, policy);
  const replacement = await snapshotOf(vendor, aMeeting({ agenda: legacy.agenda, meetingNumber: '2', webLink: 'https://meet.example.org/j.php?MTID=m2', sipAddress: '2@meet.example.org', telephony: { accessCode: '2' }, password: 'Pw-new-1', id: 'm1' }));
  expect(fieldsThatDiffer(compare({ legacy, replacement, intended, ...known, now: Date.now() })).toSorted()).toEqual(expect.arrayContaining(['agenda']));
});

describe('the edit that changes nothing', () => {
  const ask = async (shown: Json, now: Json = shown, occurrences: readonly Json[] = []) => {
    const legacy = await snapshotOf(vendor, shown, { occurrences });
    vendor.on('GET', '/meetings/m1', { body: now });
    return subject(vendor.baseUrl).webex.takesEdits(legacy);
  };
  const body = () => vendor.to('PATCH', '/meetings/m1').at(-1)?.body;

  test('says what the meeting is called at that moment, not when it was read', async () => {
    vendor.on('PATCH', '/meetings/m1', { body: aMeeting() });
    expect(await ask(aMeeting(), aMeeting({ title: 'Renamed since' }))).toEqual({ taken: true, trackingId: 'TRACK_1' });
    expect(body()).toEqual({ title: 'Renamed since', hostEmail: 'robin@example.org', sendEmail: false });
  });

  test('does not name a series some of whose occurrences have names of their own, but a setting that all of them share', async () => {
    const series = aSeries({ publicMeeting: false });
    const [first = {}, ...rest] = listedOf(series);
    const renamed = { ...first, title: 'Zorble', isModified: true };
    vendor.on('GET', `/meetings/${String(first['id'])}`, { body: renamed }).on('PATCH', '/meetings/m1', { body: series });
    await ask(series, series, [renamed, ...rest]);
    expect(body()).toEqual({ publicMeeting: false, hostEmail: 'robin@example.org', sendEmail: false });
  });

  test('of such a series is none that one of its occurrences has otherwise', async () => {
    const series = aSeries({ publicMeeting: false, excludePassword: true });
    const [first = {}, ...rest] = listedOf(series);
    const renamed = { ...first, title: 'Zorble', publicMeeting: true, isModified: true };
    vendor.on('GET', `/meetings/${String(first['id'])}`, { body: renamed }).on('PATCH', '/meetings/m1', { body: series });
    await ask(series, series, [renamed, ...rest]);
    expect(body()).toEqual({ excludePassword: true, hostEmail: 'robin@example.org', sendEmail: false });
  });

  test.each([400, 403])('answered by %d is refused, with the id of the call for the vendor', async (status) => {
    vendor.on('PATCH', '/meetings/m1', { status, body: {} });
    expect(await ask(aMeeting())).toMatchObject({ taken: false, trackingId: expect.any(String) as string });
  });

  test.each([[503, 'NetworkAmbiguous'], [429, 'RateLimited'], [401, 'Unauthorised']] as const)('answered by %d is no answer', async (status, type) => {
    vendor.on('PATCH', '/meetings/m1', { status, body: {} });
    expect((await failureOf(ask(aMeeting()))).type).toBe(type);
  });

  test('is not asked of a meeting in which people are by now', async () => {
    expect(await ask(aMeeting(), aMeeting({ state: 'inProgress' }))).toBe('running');
    expect(vendor.to('PATCH', '/meetings/m1')).toEqual([]);
  });

  test('of a meeting that is not there says so', async () => {
    vendor.on('PATCH', '/meetings/m1', { status: 404, body: {} });
    expect(await ask(aMeeting())).toBe('gone');
  });

  test('is not asked of what is held in a personal room, whatever the policy says', async () => {
    const own = await snapshotOf(vendor, aMeeting());
    const { webex } = subject(vendor.baseUrl);
    for (const kind of ['personal-room', 'room'] as const) expect(webex.mayBeManaged({ ...own, kind }, probe)).toBe(false);
    expect([webex.mayBeManaged(own, probe), webex.mayBeManaged(own, policy)]).toEqual([true, false]);
  });
});
