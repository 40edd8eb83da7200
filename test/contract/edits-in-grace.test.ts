import fc from 'fast-check';
import type { ItemRef } from '../../domain/ledger.js';
import { inMs } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { readMeeting } from '../support/whole-job.js';
import { anna, GraceBench } from './in-grace.js';
import { inDays, occurrencesOf, type Fields } from './simulator-client.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const grace = GraceBench.inThisFile();
const stream = { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live/key-1', streamUrl: 'https://stream.example.org/live' };
const series = { recurrence: 'FREQ=WEEKLY;COUNT=6', start: inDays(3), end: inDays(3, 11) };

const endGrace = ({ meeting }: ItemRef) => query(grace.ledgers.store.databaseUrl, `update item set grace_ends_at = now() where meeting = '${meeting}'`);
/** The start that the rule gave it, wherever it was moved since. */
const originalOf = (id = ''): string => id.slice(id.lastIndexOf('_') + 1).replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5');
const editOccurrence = async (id: string, n: number, verb: 'edit' | 'delete', changes: Fields = {}) => {
  const planned = await occurrencesOf(grace.client, grace.hostEmail, id);
  await grace.client.control('POST', `meetings/${id}/occurrences/${originalOf(planned[n]?.id)}/${verb}`, changes);
};

/** By what the mail about it says. */
const followable: Readonly<Record<string, readonly [Fields, (id: string) => Promise<unknown>]>> = {
  title: [{}, (id) => grace.edit(id, { title: 'Moved to the garden' })],
  agenda: [{}, (id) => grace.edit(id, { agenda: 'Bring two blorbs' })],
  time: [{}, (id) => grace.edit(id, { start: inDays(4), end: inDays(4, 12) })],
  'time (a series)': [series, (id) => grace.edit(id, { start: inDays(5), end: inDays(5, 11) })],
  'time (another rule)': [series, (id) => grace.edit(id, { recurrence: 'FREQ=WEEKLY;COUNT=9' })],
  'time (a series from now on)': [{}, (id) => grace.edit(id, { recurrence: 'FREQ=DAILY;COUNT=3' })],
  invitees: [{}, (id) => grace.edit(id, { invitees: { add: [{ email: 'bo@guest.example.org' }], remove: [anna.email] } })],
  settings: [{}, (id) => grace.edit(id, { settings: { reminderTime: 30, meetingOptions: { enabledChat: false } } })],
  'settings (of the whole series)': [series, (id) => grace.edit(id, { settings: { reminderTime: 45, unlockedMeetingJoinSecurity: 'blockFromJoin' } })],
  'settings (a stream)': [{}, (id) => grace.edit(id, { settings: { enabledLiveStream: true, liveStream: stream } })],
  'settings (no stream any more)': [{ liveStream: stream }, (id) => grace.edit(id, { settings: { enabledLiveStream: false } })],
  'occurrences (moved and renamed)': [series, (id) => editOccurrence(id, 1, 'edit', { title: 'Zorble', start: inDays(10, 14), end: inDays(10, 15) })],
  'occurrences (other people)': [series, (id) => editOccurrence(id, 2, 'edit', { invitees: { add: ['cy@guest.example.org'] } })],
  'occurrences (in years, renamed)': [{ ...series, recurrence: 'FREQ=DAILY;COUNT=600' }, (id) => editOccurrence(id, 500, 'edit', { title: 'Zorble' })],
  'occurrences (in years, cancelled)': [{ ...series, recurrence: 'FREQ=DAILY;COUNT=600' }, (id) => editOccurrence(id, 500, 'delete')],
  'occurrences (settings of their own)': [series, (id) => editOccurrence(id, 2, 'edit', { settings: { reminderTime: 30, meetingOptions: { enabledChat: false } } })],
  'occurrences (breakout sessions of their own)': [series, (id) => editOccurrence(id, 3, 'edit', { breakouts: [{ name: 'Plim', invitees: [anna.email] }] })],
  'occurrences (cancelled)': [series, (id) => editOccurrence(id, 1, 'delete')],
  passcode: [{}, (id) => grace.edit(id, { password: 'Quibble4Flomp' })],
};

describe('an edit of the old meeting', () => {
  test.each(Object.entries(followable))('of its %s is carried into the new one, which is proven anew; its organiser is told, and only then it goes on', async (what, [more, change]) => {
    const scene = await grace.meeting(more);
    await change(scene.id);
    const followed = await scene.retire();
    expect(followed).toMatchObject({ outcome: 'followed' });
    expect(await grace.differing(scene)).toEqual([]);
    expect((await grace.ledgers.ledger.items.stepEvents(scene.ref)).at(-1)).toMatchObject({ step: 'follow', state: 'done', note: what.split(' ')[0] });

    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'NotTold' });
    const [digest] = await grace.mailed(scene.ref);
    expect([digest?.kind, digest?.entries.map(({ edited }) => edited)]).toEqual(['changed', [[what.split(' ')[0]]]]);
    expect(digest?.entries[0]?.replacement.link).toBe(scene.made.link);
    expect(await scene.retire()).toEqual({ outcome: 'retired' });
  });

  const own = { reminderTime: 30, enabledAutoRecordMeeting: true };
  const asSeries = { reminderTime: 10, enabledAutoRecordMeeting: false };
  test.each<[string, Fields, Fields, Fields]>([
    ['other ones', { settings: own }, { settings: { reminderTime: 60, meetingOptions: { enabledChat: false } } }, { reminderTime: 60, enabledAutoRecordMeeting: true }],
    ['those of the series again', { settings: own }, { settings: asSeries }, asSeries],
    ['some of the series again', { settings: own }, { settings: { reminderTime: 10 } }, { reminderTime: 10, enabledAutoRecordMeeting: true }],
    ['those of the series again, and its title too', { settings: own, title: 'Zorble' }, { settings: asSeries, title: 'Vorla Teskum' }, { ...asSeries, title: 'Vorla Teskum' }],
    ['no breakout sessions any more', { breakouts: [{ name: 'Plim' }] }, { settings: { enabledBreakoutSessions: false } }, { enabledBreakoutSessions: false }],
    ['what the policy forbids', {}, { settings: { enabledJoinBeforeHost: true, reminderTime: 60 } }, { enabledJoinBeforeHost: false, reminderTime: 60 }],
  ])('gives a single occurrence %s, in the new series as in the old', async (_, before, after, shown) => {
    const scene = await grace.meeting(series, undefined, (id) => editOccurrence(id, 2, 'edit', before));
    await editOccurrence(scene.id, 2, 'edit', after);
    expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
    expect(await grace.differing(scene)).toEqual([]);
    expect((await occurrencesOf(grace.client, grace.hostEmail, scene.made.id))[2]).toMatchObject(shown);
  });

  test('of the settings of a series leaves those that single occurrences have of their own', async () => {
    const scene = await grace.meeting(series, undefined, (id) => editOccurrence(id, 2, 'edit', { settings: own }));
    await grace.edit(scene.id, { settings: { reminderTime: 45 } });
    expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
    expect(await grace.differing(scene)).toEqual([]);
    expect((await occurrencesOf(grace.client, grace.hostEmail, scene.made.id)).map(({ reminderTime }) => reminderTime)).toEqual([45, 45, 30, 45, 45, 45]);
  });

  test('is followed as often as there is one, and told each time', async () => {
    const scene = await grace.meeting();
    for (const title of ['Plim', 'Plimtarok']) {
      await grace.edit(scene.id, { title });
      expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
      expect((await grace.mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['changed']);
    }
    expect(await grace.differing(scene)).toEqual([]);
  });

  test.each([true, false])('is told at once when grace was released (%s), because nothing else is waited for then', async (released) => {
    const scene = await grace.meeting();
    if (!released) await endGrace(scene.ref);
    await grace.edit(scene.id, { title: 'Plim' });
    expect(await scene.retire(released)).toMatchObject({ outcome: 'followed', urgent: released });
  });

  test('that moves the meeting nearer shortens the grace, and is told at once', async () => {
    const scene = await grace.meeting();
    await endGrace(scene.ref);
    const soon = (minutes: number) => new Date(Math.ceil(Date.now() / 60_000) * 60_000 + minutes * 60_000).toISOString();
    await grace.edit(scene.id, { start: soon(20), end: soon(80) });
    const followed = await scene.retire(false);
    expect(followed).toMatchObject({ outcome: 'followed', urgent: true });
    expect(Date.parse('graceEndsAt' in followed ? followed.graceEndsAt : '')).toBeLessThan(Date.parse(soon(20)));
  });

  test.each<[string, Fields, (id: string) => Promise<unknown>]>([
    ['gives it breakout sessions', {}, (id) => grace.edit(id, { breakouts: [{ name: 'Plim', invitees: [] }] })],
    ['makes it one that no new one can be like', {}, (id) => grace.edit(id, { settings: { enabledLiveStream: true, liveStream: null } })],
  ])('that %s cannot be followed: the meeting is held, and neither is deleted', async (_, more, change) => {
    const scene = await grace.meeting(more);
    await change(scene.id);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
    expect([await grace.exists({ ...scene.made, id: scene.id }), await grace.exists(scene.made), await grace.mailed(scene.ref)]).toEqual([true, true, []]);
  });

  test.each<[string, Fields, number, (ms: number) => object]>([
    ['moves it to a time that is over by now', {}, 1, (ms) => ({ start: inMs(-ms), end: inMs(-ms / 2) })],
    ['moves it to before the campaign', {}, 0, () => ({ start: inMs(-3_600_000), end: inMs(-1_800_000) })],
    ['ends its series', series, 0, () => ({ start: inDays(-7), recurrence: 'FREQ=WEEKLY;COUNT=1' })],
  ])('that %s leaves nothing to be held on the old link: the meeting is held, not gone, and what was held there counts', async (_, more, exposed, changes) => {
    const scene = await grace.meeting(more);
    const { startedAt } = await grace.ledgers.ledger.campaigns.get(scene.ref.campaign);
    const { snapshot } = await grace.ledgers.ledger.items.readSnapshot(scene.ref);
    const read = jest.spyOn(grace.webex, 'readMeeting').mockResolvedValue({ ...snapshot, ...changes(Date.now() - Date.parse(startedAt!) - 5), occurrences: [] });
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' }); // another attempt, because the answer was lost
    read.mockRestore();
    await grace.ledgers.ledger.items.move(scene.ref, 'held', { failure: 'LegacyChanged' });
    expect((await grace.ledgers.ledger.plans.status(scene.ref.campaign, 1000)).exposedStarts).toBe(exposed);
    expect(await grace.exists(scene.made)).toBe(true);
  });

  test('is not carried over once the campaign is paused, be it while both meetings are read', async () => {
    const scene = await grace.meeting();
    await grace.edit(scene.id, { title: 'Moved to the garden' });
    const read = grace.webex.readMeeting.bind(grace.webex);
    const paused = jest.spyOn(grace.webex, 'readMeeting').mockImplementation(async (...asked) => {
      if (asked[0].id === scene.made.id) await grace.ledgers.ledger.campaigns.setOrder(scene.ref.campaign, 'pause');
      return read(...asked);
    });
    await expect(scene.retire()).rejects.toMatchObject({ type: 'CampaignPaused' });
    paused.mockRestore();
    expect((await readMeeting(grace.webex, scene.made)).title).toBe('Vorla Teskum');
    await grace.ledgers.ledger.campaigns.setOrder(scene.ref.campaign, 'go');
    expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
  });

  test('of several occurrences is carried over no further once the campaign is paused between two of them, and in full when it goes on', async () => {
    const scene = await grace.meeting(series);
    for (const n of [1, 2, 3]) await editOccurrence(scene.id, n, 'edit', { title: 'Zorble' });
    const adjust = grace.webex.adjust.bind(grace.webex);
    let looks = 0;
    const paused = jest.spyOn(grace.webex, 'adjust').mockImplementation((ref, edit) =>
      adjust(ref, { ...edit, lastLook: async () => {
        if (++looks === 2) await grace.ledgers.ledger.campaigns.setOrder(scene.ref.campaign, 'pause');
        await edit.lastLook?.();
      } }),
    );
    await expect(scene.retire()).rejects.toMatchObject({ type: 'CampaignPaused' });
    paused.mockRestore();
    const renamed = async () => (await occurrencesOf(grace.client, grace.hostEmail, scene.made.id)).filter(({ title }) => title === 'Zorble').length;
    expect([looks, await renamed()]).toEqual([2, 1]);
    await grace.ledgers.ledger.campaigns.setOrder(scene.ref.campaign, 'go');
    expect(await scene.retire()).toMatchObject({ outcome: 'followed' });
    expect([await renamed(), await grace.differing(scene)]).toEqual([3, []]);
  });

  test('of people uninvites nobody whom the organiser has invited to the new meeting since: both are left for a human', async () => {
    const scene = await grace.meeting();
    await grace.edit(scene.id, { invitees: { add: [{ email: 'bo@guest.example.org' }] } });
    await grace.edit(scene.made.id, { invitees: { add: [{ email: 'cy@guest.example.org' }] } });
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
    const invited = (await readMeeting(grace.webex, scene.made)).invitees.map(({ email }) => email).sort();
    expect(invited).toEqual([anna.email, 'bo@guest.example.org', 'cy@guest.example.org']);
  });

  test('is none where it has been held as it was planned', async () => {
    const scene = await grace.meeting();
    const { snapshot } = await grace.ledgers.ledger.items.readSnapshot(scene.ref);
    const held = { start: inMs(-7_200_000), end: inMs(-3_600_000) };
    await grace.ledgers.ledger.items.saveSnapshot(scene.ref, { ...snapshot, ...held, occurrences: [held] }, held.start);
    const read = jest.spyOn(grace.webex, 'readMeeting').mockResolvedValue({ ...snapshot, ...held, occurrences: [] });
    expect(await scene.retire()).toEqual({ outcome: 'gone' });
    read.mockRestore();
  });

  test('is not followed where the campaign says so', async () => {
    const scene = await grace.meeting({}, { changed: 'hold', deleted: 'follow' });
    await grace.edit(scene.id, { title: 'Moved to the garden' });
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
    expect((await readMeeting(grace.webex, scene.made)).title).toBe('Vorla Teskum');
  });
});
/** One edit after the other, of whatever sorts. */
const singles = ['title', 'agenda', 'time', 'invitees', 'settings', 'passcode', 'deleted'] as const;
const ofSeries = ['title', 'agenda', 'time (another rule)', 'invitees', 'occurrences (moved and renamed)', 'occurrences (other people)', 'occurrences (settings of their own)', 'occurrences (breakout sessions of their own)', 'occurrences (cancelled)', 'settings (of the whole series)', 'passcode', 'deleted'] as const;
const anyEdits = fc.oneof(
  fc.record({ more: fc.constant<Fields>({}), sorts: fc.uniqueArray(fc.constantFrom<string>(...singles), { minLength: 1, maxLength: 4 }) }),
  fc.record({ more: fc.constant<Fields>(series), sorts: fc.uniqueArray(fc.constantFrom<string>(...ofSeries), { minLength: 1, maxLength: 4 }) }),
);

test('whatever edits in whatever order: the new meeting is as the old one is, or both are left for a human; none is lost', async () => {
  let followed = 0;
  await fc.assert(
    fc.asyncProperty(anyEdits, fc.boolean(), async ({ more, sorts }, ask) => {
      const scene = await grace.meeting(more, { changed: 'follow', deleted: ask ? 'ask' : 'follow' });
      for (const sort of sorts.filter((each) => each !== 'deleted')) await followable[sort]?.[1](scene.id);
      const isDeleted = sorts.includes('deleted');
      if (isDeleted) await grace.remove(scene.id);
      const outcome = await scene.retire();
      if (isDeleted) {
        expect([outcome.outcome, await grace.exists(scene.made)]).toEqual([ask ? 'blocked' : 'gone', ask]);
        return;
      }
      expect([await grace.exists({ ...scene.made, id: scene.id }), await grace.exists(scene.made)]).toEqual([true, true]);
      if (outcome.outcome !== 'followed') expect(outcome).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
      else {
        followed += 1;
        expect(await grace.differing(scene)).toEqual([]);
        expect((await grace.mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['changed']);
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
  expect(followed).toBeGreaterThan(5);
}, 300_000);
