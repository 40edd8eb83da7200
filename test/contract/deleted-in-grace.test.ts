import type { EditPolicy } from '../../domain/edits.js';
import { GraceBench } from './in-grace.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const grace = GraceBench.inThisFile();

describe('an organiser who deletes the old meeting', () => {
  const ask: EditPolicy = { changed: 'follow', deleted: 'ask' };

  test('means it: the new one is deleted too, and they are told so', async () => {
    const scene = await grace.meeting();
    await grace.remove(scene.id);
    expect(await scene.retire()).toEqual({ outcome: 'gone' });
    expect(await grace.exists(scene.made)).toBe(false);
    expect((await grace.mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['withdrawn']);
    expect(await scene.retire()).toEqual({ outcome: 'gone' });
    expect(await grace.mailed(scene.ref)).toEqual([]);
  });

  test('is asked first where the campaign says so: the new one stays', async () => {
    const scene = await grace.meeting({}, ask);
    await grace.remove(scene.id);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyDeleted' });
    expect(await grace.exists(scene.made)).toBe(true);
    const [digest] = await grace.mailed(scene.ref);
    expect([digest?.kind, digest?.entries[0]?.replacement.link]).toEqual(['question', scene.made.link]);
  });

  test('and answers no: it goes, and they are told', async () => {
    const scene = await grace.meeting({}, ask);
    await grace.remove(scene.id);
    await scene.retire();
    await grace.ledgers.ledger.items.move(scene.ref, 'held', { failure: 'LegacyDeleted' });
    await scene.letGo();
    expect(await grace.exists(scene.made)).toBe(false);
    expect((await grace.mailed(scene.ref)).map(({ kind }) => kind).toSorted()).toEqual(['question', 'withdrawn']);
  });

  test('is asked when the meeting was to be put back: the new one stays, and nobody is told that the old one is valid again', async () => {
    const scene = await grace.meeting();
    await grace.remove(scene.id);
    await expect(scene.putBack()).rejects.toMatchObject({ type: 'LegacyDeleted' });
    expect(await grace.exists(scene.made)).toBe(true);
    expect((await grace.mailed(scene.ref)).map(({ kind }) => kind)).toEqual(['question']);
  });

  test.each(['pause', 'stop'] as const)('loses nothing more while the campaign stands under %s', async (order) => {
    const scene = await grace.meeting();
    await grace.remove(scene.id);
    await grace.ledgers.ledger.campaigns.setOrder(scene.ref.campaign, order);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked' });
    expect(await grace.exists(scene.made)).toBe(true);
  });
});

test('whose old meeting does not show but is still reached by its number is not taken for deleted', async () => {
  const scene = await grace.meeting();
  const read = jest.spyOn(grace.webex, 'readMeeting').mockResolvedValue('gone');
  expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
  read.mockRestore();
  expect(await grace.exists(scene.made)).toBe(true);
  await grace.ledgers.ledger.items.move(scene.ref, 'held', { failure: 'LegacyDeleted' });
  await expect(scene.letGo()).rejects.toMatchObject({ type: 'LegacyChanged' });
  const exists = jest.spyOn(grace.webex, 'exists').mockResolvedValue(false);
  const hostOf = jest.spyOn(grace.webex.departed, 'hostOf').mockResolvedValue(undefined);
  await expect(scene.putBack()).rejects.toMatchObject({ type: 'PastPivot' });
  hostOf.mockRestore();
  exists.mockRestore();
  expect(await grace.exists(scene.made)).toBe(true);
});
