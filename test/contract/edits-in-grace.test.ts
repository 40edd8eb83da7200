import fc from 'fast-check';
import { HostLists } from '../../activities/host-lists.js';
import { createRemediation } from '../../activities/remediation.js';
import { createRetirement } from '../../activities/retirement.js';
import { compare } from '../../domain/compare.js';
import type { EditPolicy } from '../../domain/edits.js';
import type { Digest, ItemRef } from '../../domain/ledger.js';
import type { MeetingIdentity } from '../../domain/meeting.js';
import { LedgerBench, inMs, unlimited } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { policy, subject, type Subject } from '../support/webex-answers.js';
import { readMeeting } from '../support/whole-job.js';
import { hostsOf, inDays, legacy as plan, occurrencesOf, start, stopAll, type Client, type Fields } from './simulator-client.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const bench = LedgerBench.inThisFile();
let client: Client;
let webex: Subject['webex'];
let hostEmail = '';
beforeAll(async () => {
  client = await start({ rpm: 10 ** 9, createsIdentity: 10 ** 9, createsHost: 10 ** 9 });
  [hostEmail = ''] = await hostsOf(client);
  webex = subject(client.simulators.webex.url, { token: client.simulators.webex.token }).webex;
});
afterAll(stopAll);

const anna = { email: 'anna@guest.example.org' };
const series = { recurrence: 'FREQ=WEEKLY;COUNT=6', start: inDays(3), end: inDays(3, 11) };

interface InGrace {
  readonly ref: ItemRef;
  readonly id: string;
  readonly made: MeetingIdentity;
  /** What the guard of the pivot comes to now, as if grace were over. */
  retire(released?: boolean): ReturnType<ReturnType<typeof createRetirement>['retireLegacy']>;
  letGo(): Promise<void>;
  /** The undos of an order to put it back, as the saga takes them. */
  putBack(): Promise<void>;
}

/** A meeting of the simulated vendor that was replaced, and whose organiser was told. */
async function inGrace(more: Fields = {}, edits?: EditPolicy): Promise<InGrace> {
  const { id } = await plan(client, hostEmail, { agenda: 'Bring the blorb', invitees: [anna], ...more });
  const { ledger } = bench;
  const ref = await bench.started(id, hostEmail, { graceMs: 3_600_000, ...(edits ? { edits } : {}) });
  const context = { ledger, vendor: webex, lists: new HostLists(webex), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
  const steps = createRemediation(context);
  expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
  if (!(await steps.ensureReplacement(ref)).complete) await steps.carryOver(ref);
  await steps.verifyReplacement(ref);
  await bench.told(ref);
  const { replacement } = await ledger.items.get(ref);
  if (!replacement) throw new Error('nothing was made');
  const pivot = createRetirement(context);
  return { ref, id, made: replacement, retire: (released = true) => pivot.retireLegacy({ ...ref, released }), letGo: () => pivot.letReplacementGo(ref), putBack: () => ledger.notices.retract(ref).then(() => steps.removeReplacement(ref)) };
}

const edit = (id: string, changes: Fields) => client.control('POST', `meetings/${id}/edit`, changes);
const endGrace = ({ meeting }: ItemRef) => query(bench.store.databaseUrl, `update item set grace_ends_at = now() where meeting = '${meeting}'`);
const remove = (id: string) => client.control('POST', `meetings/${id}/delete`, {});
/** The start that the rule gave it, wherever it was moved since. */
const originalOf = (id = ''): string => id.slice(id.lastIndexOf('_') + 1).replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5');
const editOccurrence = async (id: string, n: number, verb: 'edit' | 'delete', changes: Fields = {}) => {
  const planned = await occurrencesOf(client, hostEmail, id);
  await client.control('POST', `meetings/${id}/occurrences/${originalOf(planned[n]?.id)}/${verb}`, changes);
};

/** What the organiser is going to be mailed now. */
async function mailed({ campaign }: ItemRef): Promise<readonly Digest[]> {
  const ids = await bench.ledger.notices.assign(campaign);
  const digests = await Promise.all(ids.map((id) => bench.ledger.notices.open(id)));
  for (const id of ids) await bench.ledger.notices.sent(id);
  return digests.flatMap((digest) => digest ?? []);
}

/** Fields in which the replacement is not as the old meeting is now. */
async function differing({ id, made }: InGrace): Promise<readonly string[]> {
  const legacy = await readMeeting(webex, { ...made, id });
  const { options: intended, lost, open } = webex.intendedOptions(legacy, policy);
  const rows = compare({ legacy, replacement: await readMeeting(webex, made), intended, lost, open, now: Date.now() });
  return rows.flatMap(({ field, verdict }) => (verdict === 'different' ? [field] : []));
}

/** By what the mail about it says. */
const followable: Readonly<Record<string, readonly [Fields, (id: string) => Promise<unknown>]>> = {
  title: [{}, (id) => edit(id, { title: 'Moved to the garden' })],
  agenda: [{}, (id) => edit(id, { agenda: 'Bring two blorbs' })],
  time: [{}, (id) => edit(id, { start: inDays(4), end: inDays(4, 12) })],
  'time (a series)': [series, (id) => edit(id, { start: inDays(5), end: inDays(5, 11) })],
  'time (another rule)': [series, (id) => edit(id, { recurrence: 'FREQ=WEEKLY;COUNT=9' })],
  'time (a series from now on)': [{}, (id) => edit(id, { recurrence: 'FREQ=DAILY;COUNT=3' })],
  invitees: [{}, (id) => edit(id, { invitees: { add: [{ email: 'bo@guest.example.org' }], remove: [anna.email] } })],
  settings: [{}, (id) => edit(id, { settings: { reminderTime: 30, meetingOptions: { enabledChat: false } } })],
  'occurrences (moved and renamed)': [series, (id) => editOccurrence(id, 1, 'edit', { title: 'Zorble', start: inDays(10, 14), end: inDays(10, 15) })],
  'occurrences (other people)': [series, (id) => editOccurrence(id, 2, 'edit', { invitees: { add: ['cy@guest.example.org'] } })],
  'occurrences (cancelled)': [series, (id) => editOccurrence(id, 1, 'delete')],
  passcode: [{}, (id) => edit(id, { password: 'Quibble4Flomp' })],
};

describe('an edit of the old meeting', () => {
  test.each(Object.entries(followable))('of its %s is carried into the new one, which is proven anew; its organiser is told, and only then it goes on', async (what, [more, change]) => {
    const scene = await inGrace(more);
    await change(scene.id);
    const followed = await scene.retire();
    expect(followed).toMatchObject({ outcome: 'followed' });
    expect(await differing(scene)).toEqual([]);
    expect((await bench.ledger.items.stepEvents(scene.ref)).at(-1)).toMatchObject({ step: 'follow', state: 'done', note: what.split(' ')[0] });

    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'NotTold' });
    const [digest] = await mailed(scene.ref);
    expect([digest?.kind, digest?.entries.map(({ edited }) => edited)]).toEqual(['changed', [[what.split(' ')[0]]]]);
    expect(digest?.entries[0]?.replacement.link).toBe(scene.made.link);
    expect(await scene.retire()).toEqual({ outcome: 'retired' });
  });

  test('is followed as often as there is one, and told each time', async () => {
    const scene = await inGrace();
    for (const title of ['Plim', 'Plimtarok']) {
      await edit(scene.id, { title });
      expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
      expect((await mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['changed']);
    }
    expect(await differing(scene)).toEqual([]);
  });

  test.each([true, false])('is told at once when grace was released (%s), because nothing else is waited for then', async (released) => {
    const scene = await inGrace();
    if (!released) await endGrace(scene.ref);
    await edit(scene.id, { title: 'Plim' });
    expect(await scene.retire(released)).toMatchObject({ outcome: 'followed', urgent: released });
  });

  test('that moves the meeting nearer shortens the grace, and is told at once', async () => {
    const scene = await inGrace();
    await endGrace(scene.ref);
    const soon = (minutes: number) => new Date(Math.ceil(Date.now() / 60_000) * 60_000 + minutes * 60_000).toISOString();
    await edit(scene.id, { start: soon(20), end: soon(80) });
    const followed = await scene.retire(false);
    expect(followed).toMatchObject({ outcome: 'followed', urgent: true });
    expect(Date.parse('graceEndsAt' in followed ? followed.graceEndsAt : '')).toBeLessThan(Date.parse(soon(20)));
  });

  test.each<[string, Fields, (id: string) => Promise<unknown>]>([
    ['gives it breakout sessions', {}, (id) => edit(id, { breakouts: [{ name: 'Plim', invitees: [] }] })],
    ['makes it one that no new one can be like', {}, (id) => edit(id, { settings: { enabledLiveStream: true } })],
  ])('that %s cannot be followed: the meeting is held, and neither is deleted', async (_, more, change) => {
    const scene = await inGrace(more);
    await change(scene.id);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
    expect([await webex.exists({ ...scene.made, id: scene.id }), await webex.exists(scene.made), await mailed(scene.ref)]).toEqual([true, true, []]);
  });

  test.each<[string, Fields, number, (ms: number) => object]>([
    ['moves it to a time that is over by now', {}, 1, (ms) => ({ start: inMs(-ms), end: inMs(-ms / 2) })],
    ['moves it to before the campaign', {}, 0, () => ({ start: inMs(-3_600_000), end: inMs(-1_800_000) })],
    ['ends its series', series, 0, () => ({ start: inDays(-7), recurrence: 'FREQ=WEEKLY;COUNT=1' })],
  ])('that %s leaves nothing to be held on the old link: the meeting is held, not gone, and what was held there counts', async (_, more, exposed, changes) => {
    const scene = await inGrace(more);
    const { startedAt } = await bench.ledger.campaigns.get(scene.ref.campaign);
    const { snapshot } = await bench.ledger.items.readSnapshot(scene.ref);
    const read = jest.spyOn(webex, 'readMeeting').mockResolvedValue({ ...snapshot, ...changes(Date.now() - Date.parse(startedAt!)), occurrences: [] });
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
    read.mockRestore();
    expect((await bench.ledger.plans.status(scene.ref.campaign, 1000)).exposedStarts).toBe(exposed);
    expect(await webex.exists(scene.made)).toBe(true);
  });

  test('is none where it has been held as it was planned', async () => {
    const scene = await inGrace();
    const { snapshot } = await bench.ledger.items.readSnapshot(scene.ref);
    const held = { start: inMs(-7_200_000), end: inMs(-3_600_000) };
    await bench.ledger.items.saveSnapshot(scene.ref, { ...snapshot, ...held, occurrences: [held] }, held.start);
    const read = jest.spyOn(webex, 'readMeeting').mockResolvedValue({ ...snapshot, ...held, occurrences: [] });
    expect(await scene.retire()).toEqual({ outcome: 'gone' });
    read.mockRestore();
  });

  test('is not followed where the campaign says so', async () => {
    const scene = await inGrace({}, { changed: 'hold', deleted: 'follow' });
    await edit(scene.id, { title: 'Moved to the garden' });
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
    expect((await readMeeting(webex, scene.made)).title).toBe('Vorla Teskum');
  });
});

describe('an organiser who deletes the old meeting', () => {
  const ask: EditPolicy = { changed: 'follow', deleted: 'ask' };

  test('means it: the new one is deleted too, and they are told so', async () => {
    const scene = await inGrace();
    await remove(scene.id);
    expect(await scene.retire()).toEqual({ outcome: 'gone' });
    expect(await webex.exists(scene.made)).toBe(false);
    expect((await mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['withdrawn']);
    expect(await scene.retire()).toEqual({ outcome: 'gone' });
    expect(await mailed(scene.ref)).toEqual([]);
  });

  test('is asked first where the campaign says so: the new one stays', async () => {
    const scene = await inGrace({}, ask);
    await remove(scene.id);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyDeleted' });
    expect(await webex.exists(scene.made)).toBe(true);
    const [digest] = await mailed(scene.ref);
    expect([digest?.kind, digest?.entries[0]?.replacement.link]).toEqual(['question', scene.made.link]);
  });

  test('and answers no: it goes, and they are told', async () => {
    const scene = await inGrace({}, ask);
    await remove(scene.id);
    await scene.retire();
    await bench.ledger.items.move(scene.ref, 'held', { failure: 'LegacyDeleted' });
    await scene.letGo();
    expect(await webex.exists(scene.made)).toBe(false);
    expect((await mailed(scene.ref)).map(({ kind }) => kind).toSorted()).toEqual(['question', 'withdrawn']);
  });

  test('is asked when the meeting was to be put back: the new one stays, and nobody is told that the old one is valid again', async () => {
    const scene = await inGrace();
    await remove(scene.id);
    await expect(scene.putBack()).rejects.toMatchObject({ type: 'LegacyDeleted' });
    expect(await webex.exists(scene.made)).toBe(true);
    expect((await mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['question']);
  });

  test.each(['pause', 'stop'] as const)('loses nothing more while the campaign stands under %s', async (order) => {
    const scene = await inGrace();
    await remove(scene.id);
    await bench.ledger.campaigns.setOrder(scene.ref.campaign, order);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked' });
    expect(await webex.exists(scene.made)).toBe(true);
  });
});

test('whose old meeting does not show but is still reached by its number is not taken for deleted', async () => {
  const scene = await inGrace();
  const read = jest.spyOn(webex, 'readMeeting').mockResolvedValue('gone');
  expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
  read.mockRestore();
  expect(await webex.exists(scene.made)).toBe(true);
  await bench.ledger.items.move(scene.ref, 'held', { failure: 'LegacyDeleted' });
  await expect(scene.letGo()).rejects.toMatchObject({ type: 'LegacyChanged' });
  const exists = jest.spyOn(webex, 'exists').mockResolvedValue(false);
  const hostOf = jest.spyOn(webex.departed, 'hostOf').mockResolvedValue(undefined);
  await expect(scene.putBack()).rejects.toMatchObject({ type: 'PastPivot' });
  hostOf.mockRestore();
  exists.mockRestore();
  expect(await webex.exists(scene.made)).toBe(true);
});

/** One edit after the other, of whatever sorts. */
const singles = ['title', 'agenda', 'time', 'invitees', 'settings', 'passcode', 'deleted'] as const;
const ofSeries = ['title', 'agenda', 'time (another rule)', 'invitees', 'occurrences (moved and renamed)', 'occurrences (other people)', 'occurrences (cancelled)', 'passcode', 'deleted'] as const;
const anyEdits = fc.oneof(
  fc.record({ more: fc.constant<Fields>({}), sorts: fc.uniqueArray(fc.constantFrom<string>(...singles), { minLength: 1, maxLength: 4 }) }),
  fc.record({ more: fc.constant<Fields>(series), sorts: fc.uniqueArray(fc.constantFrom<string>(...ofSeries), { minLength: 1, maxLength: 4 }) }),
);

test('whatever edits in whatever order: the new meeting is as the old one is, or both are left for a human; none is lost', async () => {
  let followed = 0;
  await fc.assert(
    fc.asyncProperty(anyEdits, fc.boolean(), async ({ more, sorts }, ask) => {
      const scene = await inGrace(more, { changed: 'follow', deleted: ask ? 'ask' : 'follow' });
      for (const sort of sorts.filter((each) => each !== 'deleted')) await followable[sort]?.[1](scene.id);
      const isDeleted = sorts.includes('deleted');
      if (isDeleted) await remove(scene.id);
      const outcome = await scene.retire();
      if (isDeleted) {
        expect([outcome.outcome, await webex.exists(scene.made)]).toEqual([ask ? 'blocked' : 'gone', ask]);
        return;
      }
      expect([await webex.exists({ ...scene.made, id: scene.id }), await webex.exists(scene.made)]).toEqual([true, true]);
      if (outcome.outcome !== 'followed') expect(outcome).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
      else {
        followed += 1;
        expect(await differing(scene)).toEqual([]);
        expect((await mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['changed']);
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
  expect(followed).toBeGreaterThan(5);
}, 300_000);
