import { HostLists } from '../../activities/host-lists.js';
import { createRemediation } from '../../activities/remediation.js';
import { createRetirement } from '../../activities/retirement.js';
import { RelinkFailure } from '../../domain/failures.js';
import { LedgerBench, unlimited } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { subject, type Subject } from '../support/webex-answers.js';
import { hostsOf, inDays, legacy as plan, start, stopAll, type Client, type Fields } from './simulator-client.js';

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

const MINUTE = 60_000;
const series = { recurrence: 'FREQ=WEEKLY;COUNT=6', start: inDays(3), end: inDays(3, 11) };
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * MINUTE).toISOString();

/** A meeting of the simulated vendor that an inventory found; grace is an hour. */
async function found(more: Fields = {}) {
  const { id } = await plan(client, hostEmail, more);
  const { ledger } = bench;
  const ref = await bench.started(id, hostEmail, { graceMs: 60 * MINUTE });
  const context = { ledger, vendor: webex, lists: new HostLists(webex), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
  return { ref, id, context, steps: createRemediation(context) };
}

/** One that was replaced, and whose organiser was told. */
async function inGrace(more: Fields = {}) {
  const { ref, id, context, steps } = await found(more);
  expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
  await steps.ensureReplacement(ref);
  await steps.verifyReplacement(ref);
  await bench.told(ref);
  const { replacement, legacy } = await bench.ledger.items.get(ref);
  if (!replacement) throw new Error('nothing was made');
  return { ref, id, legacy, made: replacement, retire: () => createRetirement(context).retireLegacy({ ...ref, released: true }), putBack: () => steps.removeReplacement(ref) };
}

/** People are in it for so long from now on, whatever is planned. */
const hold = (id: string, minutes: number) => client.control('POST', `meetings/${id}/hold`, { until: inMinutes(minutes) });
const edit = (id: string, changes: Fields) => client.control('POST', `meetings/${id}/edit`, changes);

describe('a meeting that people are in', () => {
  test.each<[string, Fields]>([
    ['a series that overruns its last occurrence by days', series],
    ['a single meeting that was opened long before its time', {}],
  ])('by the vendor\'s word, %s, is left alone, looked at again soon, and deleted when it is over', async (_, more) => {
    const scene = await inGrace(more);
    await hold(scene.id, 60);
    const waits = await scene.retire();
    expect(waits).toMatchObject({ outcome: 'blocked', blocker: 'InProgress' });
    expect(Date.parse('recheckAt' in waits ? waits.recheckAt : '') - Date.now()).toBeLessThanOrEqual(5 * MINUTE);
    expect(await webex.exists(scene.legacy)).toBe(true);
    await hold(scene.id, 0);
    expect(await scene.retire()).toEqual({ outcome: 'retired' });
  });

  test('after all that was planned is not left to a human before they are gone', async () => {
    const scene = await inGrace();
    await edit(scene.id, { start: inMinutes(-120), end: inMinutes(-60) });
    await hold(scene.id, 60);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'InProgress' });
    await hold(scene.id, 0);
    expect(await scene.retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
  });

  test('under its new link is not put back before they have left', async () => {
    const scene = await inGrace();
    await hold(scene.made.id, 60);
    await expect(scene.putBack()).rejects.toMatchObject({ type: 'InProgress', facts: { retryAfterMs: 180_000 } }); // a twentieth of grace
    expect(await webex.exists(scene.made)).toBe(true);
    await hold(scene.made.id, 0);
    await scene.putBack();
    expect(await webex.exists(scene.made)).toBe(false);
  });

  test('is not what one is that begins within a minute, its guard; it is put back only if nobody has its link', async () => {
    const soon = async () => {
      const scene = await inGrace();
      const { snapshot } = await bench.ledger.items.readSnapshot(scene.ref);
      await bench.ledger.items.saveSnapshot(scene.ref, { ...snapshot, occurrences: [{ start: inMinutes(0.9), end: inMinutes(40) }] }, inMinutes(0.9));
      return scene;
    };
    const known = await soon();
    await bench.ledger.notices.retract(known.ref); // as a rollback does beforehand
    await expect(known.putBack()).rejects.toMatchObject({ type: 'InProgress' });
    expect(await webex.exists(known.made)).toBe(true);
    const secret = await soon();
    await query(bench.store.databaseUrl, `update notice set state = 'queued' where campaign = $1`, [secret.ref.campaign]);
    await secret.putBack();
    expect(await webex.exists(secret.made)).toBe(false);
  });

  test.each([[2, 120_000], [50, 300_000]])('by its plan, for %d minutes more, is not put back either, and the vendor need not be asked', async (minutes, retryAfterMs) => {
    const scene = await inGrace();
    const { snapshot } = await bench.ledger.items.readSnapshot(scene.ref);
    await bench.ledger.items.saveSnapshot(scene.ref, { ...snapshot, occurrences: [{ start: inMinutes(-10), end: inMinutes(minutes) }] }, inMinutes(-10));
    const asked = jest.spyOn(webex, 'isRunning');
    const cause: unknown = await scene.putBack().catch((thrown: unknown) => thrown);
    expect(cause).toMatchObject({ type: 'InProgress' });
    expect(Math.abs((cause as RelinkFailure).facts.retryAfterMs! - retryAfterMs)).toBeLessThan(MINUTE / 2);
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
  });

  test('under its new link does not go before they have left either, when its organiser deleted the old one', async () => {
    const scene = await inGrace();
    await client.control('POST', `meetings/${scene.id}/delete`, {});
    await hold(scene.made.id, 60);
    await expect(scene.retire()).rejects.toMatchObject({ type: 'InProgress' });
    expect(await webex.exists(scene.made)).toBe(true);
    await hold(scene.made.id, 0);
    expect(await scene.retire()).toEqual({ outcome: 'gone' });
  });

  test('goes back to the queue when its turn comes', async () => {
    const { ref, id, steps } = await found(series);
    await hold(id, 60);
    expect(await steps.snapshotLegacy(ref)).toEqual({ status: 'given-back' });
    await hold(id, 0);
    expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
  });
});

test('what the vendor refused to delete, and somebody deleted by hand then, is deleted: the new one stays', async () => {
  const scene = await inGrace();
  const deletion = jest.spyOn(webex, 'removeMeeting').mockRejectedValueOnce(new RelinkFailure('Forbidden', 'refused', { status: 403 }));
  await expect(scene.retire()).rejects.toMatchObject({ type: 'Forbidden' });
  deletion.mockRestore();
  await client.control('POST', `meetings/${scene.id}/delete`, {});
  expect(await scene.retire()).toEqual({ outcome: 'retired' });
  expect(await webex.exists(scene.made)).toBe(true);
});
