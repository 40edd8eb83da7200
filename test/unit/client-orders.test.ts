import type { WantedOrder } from '../../domain/orders.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { Criteria } from '../../domain/selection.js';
import { JobFailed } from '../../client/errors.js';
import type { CampaignSession } from '../../client/session.js';
import { approve } from '../../client/steer/approve.js';
import { exempt } from '../../client/steer/exempt.js';
import { order, orderMeetings, prospectOf } from '../../client/steer/orders.js';

const AUTHOR = { by: 'Robin Vael', reason: null };

/** A ledger that takes every order, or refuses it, and a Temporal that answers, or not. */
function sessionWith({ temporal, refusal, standing = 'go', waiting = 0 }: { readonly temporal: () => Promise<unknown>; readonly refusal?: string; readonly standing?: string; readonly waiting?: number }) {
  const given: WantedOrder[] = [];
  const ledger = {
    campaigns: { get: () => Promise.resolve({ order: standing }) },
    gates: { open: () => Promise.resolve([{ id: 9 }]), approve: () => Promise.resolve({ id: 9 }) },
    exemptions: { grant: (_: string, grants: readonly object[]) => Promise.resolve({ left: grants.length }) },
    items: { select: (_: string, { states }: Criteria) => Promise.resolve(states?.[0] === 'waiting' ? Array(waiting).fill({ meeting: 'c', state: 'waiting' }) : [{ meeting: 'a', state: 'failed', isPastPivot: false }, { meeting: 'r', state: 'replaced', isPastPivot: false }, { meeting: 'b', state: 'done', isPastPivot: true }]) },
    orders: {
      lastOrder: (_: string, agoMs: number) => Promise.resolve(agoMs > 0 ? 3 : 4),
      give: (_: string, wanted: WantedOrder) => {
        if (refusal !== undefined) return Promise.reject(new RelinkFailure('InvalidInput', refusal));
        given.push(wanted);
        return Promise.resolve({ id: 5, ...wanted });
      },
    },
  };
  return { given, session: { name: 'spring', spec: { identities: [] }, ledger, temporal } as unknown as CampaignSession };
}

const away = () => Promise.reject(new JobFailed('the Temporal service does not answer'));
const workflow = (status: string, reruns = 0) => () => Promise.resolve({ workflow: { getHandle: () => ({ describe: () => Promise.resolve({ status: { name: status }, runId: 'r' }), signal: () => Promise.resolve() }), count: () => Promise.resolve({ count: reruns }) } });

test('a pause holds although Temporal does not answer, and although it never does', async () => {
  for (const temporal of [away, () => new Promise(() => undefined)]) {
    const { session, given } = sessionWith({ temporal });
    expect(await order(session, 'pause', AUTHOR, 1, 10)).toMatchObject({ given: { id: 5 }, isTold: false });
    expect(given).toEqual([{ verb: 'pause', scope: null, meetings: [], seen: 3, unlessApproved: undefined }]);
  }
});

test('an approval and an exemption hold although Temporal does not answer; where nothing has left the queue nobody is to be told', async () => {
  const { session } = sessionWith({ temporal: away });
  const [why, preview] = [{ by: 'Robin', reason: 'well' }, { seen: [0], inForce: 0, leave: 1, underWay: 0, return: 0, settled: 0 }];
  expect(await approve(session, undefined, why)).toEqual({ given: { id: 9 }, isTold: false });
  expect(await exempt(session, [{ subject: { meeting: 'a' }, until: '2027-01-01T00:00:00.000Z', ...why }], preview)).toEqual({ given: { left: 1 }, isTold: false });
  expect(await exempt(session, [], preview)).toEqual({ given: { left: 0 }, isTold: true });
});

test('a campaign that runs is told; one that does not run is not paused, and its ledger has no line', async () => {
  const [running, ended] = [sessionWith({ temporal: workflow('RUNNING') }), sessionWith({ temporal: workflow('COMPLETED') })];
  expect(await order(running.session, 'stop', AUTHOR, 1)).toMatchObject({ isTold: true, given: { unlessApproved: 9 } });
  await expect(order(ended.session, 'stop', AUTHOR, 1)).rejects.toThrow('spring is not running, so there is nothing to stop');
  expect(ended.given).toEqual([]);
});

test('a campaign that a rerun is about to start is held up before it begins', async () => {
  const { session, given } = sessionWith({ temporal: workflow('COMPLETED', 1) });
  expect(await order(session, 'pause', AUTHOR, 1)).toMatchObject({ isTold: true });
  expect(given).toMatchObject([{ verb: 'pause' }]);
});

test('what the ledger refuses is told, and is a failed job, not a wrong use', async () => {
  const { session } = sessionWith({ temporal: workflow('RUNNING'), refusal: 'somebody ordered meanwhile' });
  await expect(order(session, 'pause', AUTHOR, 1, 10)).rejects.toThrow(JobFailed);
});

test('an order to meetings names exactly those that were shown, and travels by its number', async () => {
  const sent: object[] = [];
  const executeUpdateWithStart = (_: unknown, { args }: { args: readonly object[] }) => Promise.resolve({ ordered: sent.push(...args), refused: 0 });
  const temporal = async () => ({ workflow: { ...(await workflow('RUNNING')()).workflow, executeUpdateWithStart } });
  const { session, given } = sessionWith({ temporal, waiting: 3 });
  const prospect = await prospectOf(session, 'retry', { wave: 2 });
  expect(await orderMeetings(session, prospect, AUTHOR)).toMatchObject({ isTold: true, given: { receipt: { ordered: 1 } } });
  expect(given).toEqual([{ verb: 'retry', scope: { wave: 2 }, meetings: ['a'], seen: 4 }]);
  expect(sent).toEqual([{ order: 5 }]);
});

test('nothing is taken up again, and nobody is asked, while the campaign is stopped; a rollback of all is one of the whole campaign', async () => {
  const { session } = sessionWith({ temporal: away, standing: 'stop' });
  await expect(prospectOf(session, 'retry', {})).rejects.toThrow('begin again with `relink start spring`, then retry');
  expect(await prospectOf(session, 'rollback', {})).toMatchObject({ isWhole: true, reached: [{ meeting: 'r' }], refused: [{ meeting: 'b' }] });
});

describe('an order to meetings of a campaign that does not run', () => {
  const ended = workflow('COMPLETED');
  test.each([['retry', {}], ['release', {}], ['rollback', { wave: 2 }]] as const)('to %s is refused while meetings wait that no start has taken up, which it would begin too', async (verb, criteria) => {
    const { session, given } = sessionWith({ temporal: ended, waiting: 3 });
    await expect(prospectOf(session, verb, criteria)).rejects.toThrow(`to ${verb} would also begin 3 meetings that no start has taken up; begin with \`relink start spring\`, then ${verb}`);
    expect(given).toEqual([]);
  });

  test('is given when nothing waits, when it puts all back, when there is nothing to do, and when Temporal is away, which runs nothing', async () => {
    expect(await prospectOf(sessionWith({ temporal: ended }).session, 'retry', {})).toMatchObject({ reached: [{ meeting: 'a' }] });
    expect(await prospectOf(sessionWith({ temporal: ended, waiting: 3 }).session, 'rollback', {})).toMatchObject({ isWhole: true });
    expect(await prospectOf(sessionWith({ temporal: ended, waiting: 3, standing: 'stop' }).session, 'rollback', { wave: 2 })).toMatchObject({ reached: [{ meeting: 'r' }] });
    expect(await prospectOf(sessionWith({ temporal: ended, waiting: 3 }).session, 'retry', { limit: 0 })).toMatchObject({ reached: [] });
    expect(await prospectOf(sessionWith({ temporal: away, waiting: 3 }).session, 'retry', {})).toMatchObject({ reached: [{ meeting: 'a' }] });
  });
});
