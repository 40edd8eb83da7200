import { HostLists } from '../../activities/host-lists.js';
import { createRemediation } from '../../activities/remediation.js';
import { createRetirement } from '../../activities/retirement.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { LedgerBench, unlimited } from '../support/ledger.js';
import { subject } from '../support/webex-answers.js';
import { hostsOf, legacy as plan, start, stopAll, type Client } from './simulator-client.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const bench = LedgerBench.inThisFile();
let client: Client;
let [host, heir] = ['', ''];
let webex: ConferencingVendor;
beforeEach(async () => {
  client = await start({ rpm: 10 ** 6 });
  [host = '', heir = ''] = await hostsOf(client);
  webex = subject(client.simulators.webex.url, { token: client.simulators.webex.token }).webex;
});
afterEach(stopAll);

const give = (...meetingIds: readonly string[]) => client.post('/meetings/reassignHost', { hostEmail: heir, meetingIds }, {}, { siteUrl: 'example.webex.com' });
const leave = () => client.control('POST', `people/${host}/leave`);
/** Ids of what stands at the vendor. */
const standing = async () => (await client.control<{ id: string }[]>('GET', 'meetings')).map(({ id }) => id).toSorted();
const typeOf = (run: Promise<unknown>): Promise<unknown> => run.then(() => 'it went well', (cause: unknown) => (cause instanceof RelinkFailure ? cause.type : cause));

/** A meeting whose turn has come. */
async function inTurn(vendor: ConferencingVendor = webex) {
  const { id } = await plan(client, host);
  const { ledger } = bench;
  const ref = await bench.started(id, host);
  const context = { ledger, vendor, lists: new HostLists(vendor), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
  return { ref, id, steps: createRemediation(context), pivot: createRetirement(context) };
}

/** One that was replaced, whose organiser was told, and whose grace is over. */
async function inGrace(vendor?: ConferencingVendor) {
  const { ref, id, steps, pivot } = await inTurn(vendor);
  expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
  await steps.ensureReplacement(ref);
  await steps.verifyReplacement(ref);
  await bench.told(ref);
  const made = (await bench.ledger.items.get(ref)).replacement?.id ?? '';
  return { ref, id, made, steps, pivot, retire: () => pivot.retireLegacy({ ...ref, released: true }), undo: () => typeOf(steps.removeReplacement(ref)) };
}

const isHeld = { outcome: 'blocked', blocker: 'LegacyChanged' };

describe('an old meeting that its host does not have any more', () => {
  test.each<[string, (id: string) => Promise<unknown>]>([
    ['because an administrator gave it to somebody else', (id) => give(id)],
    ['because the host left', () => leave()],
    ['because it was given away and the host left', async (id) => { await give(id); await leave(); }],
  ])('is not taken for deleted, %s: both are left, nobody is told that they are gone, and a human looks', async (_, change) => {
    const { ref, id, made, retire, pivot } = await inGrace();
    await change(id);
    expect(await retire()).toMatchObject(isHeld);
    await bench.ledger.items.move(ref, 'held', { failure: 'LegacyDeleted' });
    expect(await typeOf(pivot.letReplacementGo(ref))).toBe('LegacyChanged');
    expect([await standing(), await bench.ledger.notices.assign(ref.campaign)]).toEqual([[id, made].toSorted(), []]);
  });

  test('is taken for deleted when nobody has it', async () => {
    const { id, retire } = await inGrace();
    await client.control('POST', `meetings/${id}/delete`);
    expect([await retire(), await standing()]).toEqual([{ outcome: 'gone' }, []]);
  });

  test.each([
    ['stays with the host of before', false],
    ['was given to the same', true],
  ])('is begun afresh with its host of now when an operator says so, whether its replacement %s or not', async (_, both) => {
    const { ref, id, made, steps, retire, undo } = await inGrace();
    await give(...(both ? [id, made] : [id]));
    await retire();
    await bench.ledger.items.move(ref, 'held', { failure: 'LegacyChanged' });
    expect([await undo(), await standing()]).toEqual(['it went well', [id]]);
    await bench.ledger.items.move(ref, 'waiting');
    expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
    await steps.ensureReplacement(ref);
    expect((await bench.ledger.items.get(ref)).replacement).toMatchObject({ hostEmail: heir });
  });

  test('keeps the replacement of a host who left until that has another host, and nothing is said to be undone', async () => {
    const { ref, id, made, undo } = await inGrace();
    await give(id);
    await leave();
    expect([await undo(), await standing()]).toEqual(['UndoFailed', [id, made].toSorted()]);
    expect((await bench.ledger.items.get(ref)).replacement?.id).toBe(made);
    await give(made);
    expect([await undo(), await standing()]).toEqual(['it went well', [id]]);
  });

  test('is not deleted, and neither is its replacement, by an identity that may not ask about what others have', async () => {
    const hostOf = () => Promise.reject(new RelinkFailure('Forbidden', 'status 403', { status: 403 }));
    const { id, made, retire, undo } = await inGrace({ ...webex, departed: { ...webex.departed, hostOf } });
    await give(id);
    expect([await retire(), await undo(), await standing()]).toMatchObject([isHeld, 'PastPivot', [id, made].toSorted()]);
  });

  test.each<[string, (id: string) => Promise<unknown>, object]>([
    ['is refused when its turn comes after it was given away, so that the next inventory finds it', (id) => give(id), { status: 'refused', reason: 'HostLeft' }],
    ['is refused when its turn comes after its host left', () => leave(), { status: 'refused', reason: 'HostLeft' }],
    ['is gone when its turn comes after it was deleted', (id) => client.control('POST', `meetings/${id}/delete`), { status: 'gone' }],
  ])('%s', async (_, change, outcome) => {
    const { ref, id, steps } = await inTurn();
    await change(id);
    expect(await steps.snapshotLegacy(ref)).toEqual(outcome);
  });
});

test('a replacement that somebody else was given stands: the old meeting is deleted and proven dead', async () => {
  const { ref, made, retire, pivot } = await inGrace();
  await give(made);
  expect(await retire()).toEqual({ outcome: 'retired' });
  await pivot.verifyRetired(ref);
  expect([await bench.stateOf(ref), await standing()]).toEqual(['done', [made]]);
});
