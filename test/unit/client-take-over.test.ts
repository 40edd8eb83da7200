import pc from 'picocolors';
import { ScheduleNotFoundError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { OrderAuthor, WantedOrder } from '../../domain/orders.js';
import { run } from '../../client/cli.js';
import { JobFailed } from '../../client/errors.js';
import type { Screen } from '../../client/io.js';
import type { CampaignCommand, CampaignSession, takeOver as takeOverType } from '../../client/session.js';
import { aSpec } from '../support/specs.js';

interface SessionModule {
  readonly takeOver: typeof takeOverType;
}

/** What happened, in its order, and the session of each command. */
const mockDid: string[] = [];
let mockSession: CampaignSession;
jest.mock('../../client/session.js', () => ({
  ...jest.requireActual<object>('../../client/session.js'),
  withCampaign: ({ lend = false, save }: CampaignCommand, act: (session: CampaignSession) => Promise<unknown>) => act({ ...mockSession, isLent: lend && !save }),
}));
jest.mock('../../client/steer/inventory.js', () => ({
  ...jest.requireActual<object>('../../client/steer/inventory.js'),
  takeInventory: () => Promise.resolve(mockDid.push('inventory')),
}));
let mockMeetings = 3;
jest.mock('../../client/show/plan-figures.js', () => ({ readPlan: () => Promise.resolve({ meetings: mockMeetings, ceiling: { maxMeetings: 10, maxShare: '100%', found: 3, exceeded: false }, rehearsal: { asked: false } }) }));
jest.mock('../../client/show/plan.js', () => ({ planText: () => [] }));

interface Scene {
  /** Of the campaign's workflow. */
  readonly status?: 'RUNNING' | 'COMPLETED';
  /** So many look again at what was done. */
  readonly reruns?: number;
  readonly startedAt?: string | null;
  readonly hasSchedule?: boolean;
  readonly isAway?: boolean;
  /** Under which it stands. */
  readonly order?: 'stop' | 'rollback';
  /** To the question of `start`. */
  readonly says?: boolean;
  /** More than the ceiling allows. */
  readonly tooMany?: boolean;
  /** While the question stood somebody else's inventory found this meeting. */
  readonly foundMeanwhile?: string;
}

const [OLD, EDITED, OTHER] = [1, 2, 3].map((graceMs) => aSpec('spring', { graceMs })) as [CampaignSpec, CampaignSpec, CampaignSpec];
let kept: CampaignSpec;
const said: string[] = [];
const screen: Screen = { colours: pc.createColors(false), width: 80, line: (text = '') => void said.push(text), draw: () => undefined };

function scheduleOf(hasSchedule: boolean) {
  const act = (what: string) => () => (hasSchedule ? Promise.resolve(what === 'describe' ? 0 : mockDid.push(what)) : Promise.reject(new ScheduleNotFoundError('none', 'rerun/spring')));
  const handle = Object.fromEntries(['describe', 'trigger', 'pause', 'unpause', 'delete'].map((what) => [what, act(what)]));
  return { getHandle: () => handle, create: () => Promise.resolve(mockDid.push('create')) };
}

function temporalOf({ status = 'COMPLETED', reruns = 0, hasSchedule = true }: Scene) {
  const handle = { describe: () => Promise.resolve({ status: { name: status }, runId: 'r' }), signal: () => Promise.resolve(mockDid.push('wake')) };
  const start = () => (status === 'RUNNING' ? Promise.reject(new WorkflowExecutionAlreadyStartedError('runs', 'campaign/spring', 'runCampaign')) : Promise.resolve({ firstExecutionRunId: `r${mockDid.push('start')}` }));
  const workflowService = { describeTaskQueue: () => Promise.resolve({ pollers: [{}] }) };
  return { workflow: { getHandle: () => handle, count: () => Promise.resolve({ count: reruns }), start }, schedule: scheduleOf(hasSchedule), workflowService, options: { namespace: 'default' } };
}

/** One command, typed with an edited file. @returns its exit code, what it did, and what it said */
async function typed(line: string, scene: Scene = {}): Promise<{ readonly code: number; readonly did: readonly string[]; readonly text: string }> {
  mockDid.length = said.length = 0;
  kept = OLD;
  mockMeetings = scene.tooMany ? 11 : 3;
  const ledger = {
    migrate: () => Promise.resolve(),
    campaigns: {
      get: () => Promise.resolve({ spec: kept, order: scene.order ?? 'go', startedAt: scene.startedAt === undefined ? '2026-11-24T03:10:00.000Z' : scene.startedAt }),
      save: (spec: CampaignSpec) => Promise.resolve(mockDid.push(`save ${(kept = spec).graceMs}`)),
    },
    orders: { lastOrder: () => Promise.resolve(4), give: (_: string, { verb }: WantedOrder, { by, reason }: OrderAuthor) => Promise.resolve({ id: mockDid.push(`${verb} by ${by}: ${reason}`) }) },
    planDocuments: {
      keep: () => Promise.resolve({ number: 1 }),
      mustExist: () => Promise.resolve(),
      changes: () => Promise.resolve(scene.foundMeanwhile === undefined ? [] : [{ meeting: scene.foundMeanwhile, change: 'new', fields: [] }]),
      lines: () => Promise.resolve(scene.foundMeanwhile === undefined ? [] : [{ meeting: scene.foundMeanwhile, state: 'waiting' }]),
    },
  };
  mockSession = { name: 'spring', spec: EDITED, ledger, ui: null, temporal: () => (scene.isAway ? Promise.reject(new JobFailed('the Temporal service does not answer')) : Promise.resolve(temporalOf(scene))) } as unknown as CampaignSession;
  const { says } = scene;
  const ask = says === undefined ? null : () => (mockDid.push('ask'), Promise.resolve(says));
  const code = await run(line.split(' '), { out: screen, err: screen, ask });
  return { code, did: [...mockDid], text: said.join('\n') };
}

const BY = '--by Ada --reason why';

describe('while the campaign runs, or a rerun is about to start it', () => {
  test.each([
    ['plan', { status: 'RUNNING' }],
    ['plan', { reruns: 1 }],
    ['inventory export', { status: 'RUNNING' }],
    ['start --plan 3', { status: 'RUNNING' }],
  ] as const)('%s (%j) takes no file over and no inventory', async (line, scene) => {
    const { code, did, text } = await typed(line, scene);
    expect([code, did]).toEqual([1, []]);
    expect(text).toMatch(line.startsWith('start') ? /already running/ : /spring runs and would begin at once .*`relink start FILE` takes an edited file over .*`relink stop spring` first/);
  });

  test('a start takes an edited file over, and leaves who did and why', async () => {
    const taken = ['save 2', 'start by Ada: why', 'wake', 'wake'];
    const [asked, told] = [await typed(`start ${BY}`, { status: 'RUNNING', says: true }), await typed(`start --yes ${BY}`, { status: 'RUNNING' })];
    expect([asked, told]).toMatchObject([{ code: 0, did: ['ask', ...taken] }, { code: 0, did: taken }]);
    for (const { text } of [asked, told]) expect(text).toContain('spring runs by another file: this one changes grace.');
  });

  test.each([[false, 1, ['ask'], 'nothing was changed, as you wished'], [undefined, 2, [], 'give --yes']] as const)('whoever does not say yes to an edited file (%s) changes nothing', async (says, code, did, words) => {
    expect(await typed('start', { status: 'RUNNING', ...(says === undefined ? {} : { says }) })).toMatchObject({ code, did, text: expect.stringContaining(words) });
    expect(kept).toBe(OLD);
  });

  test.each([['stop', 'stopped'], ['rollback', 'put back']] as const)('a start is refused until a %s is carried out: it would be lost', async (order, what) => {
    for (const line of ['start --yes', 'start', 'start --plan 3']) {
      expect(await typed(line, { status: 'RUNNING', order, says: true })).toMatchObject({ code: 1, did: [], text: expect.stringContaining(`spring is still being ${what}; start it when`) });
    }
    expect(await typed('start --yes', { order })).toMatchObject({ code: 0 });
  });

  test('who refuses a plan, or goes away while it is made, leaves the file of before: a schedule goes by that', async () => {
    expect(await typed('start --yes', { tooMany: true })).toMatchObject({ code: 1, did: ['save 2', 'inventory', 'save 1'] });
    expect(kept).toBe(OLD);
  });
});

test('while it does not run, a plan takes the file over before its inventory; while Temporal is away, it says that and takes none', async () => {
  expect(await typed('plan')).toMatchObject({ code: 0, did: ['save 2', 'inventory'] });
  for (const line of ['plan', 'start --yes']) expect(await typed(line, { isAway: true })).toMatchObject({ code: 1, did: [], text: 'relink: the Temporal service does not answer' });
});

describe('a start that asks', () => {
  test('has the ledger keep the file only after a yes: whoever says no, or goes away, leaves the one of before', async () => {
    expect(await typed(`start ${BY}`, { says: true })).toMatchObject({ code: 0, did: ['save 2', 'inventory', 'save 1', 'ask', 'save 2', 'start by Ada: why', 'start'] });
    expect(await typed('start', { says: false })).toMatchObject({ code: 1, did: ['save 2', 'inventory', 'save 1', 'ask'] });
    expect(kept).toBe(OLD);
  });

  test('begins nothing when there is more to do after the yes than was shown before it', async () => {
    const { code, did, text } = await typed('start', { says: true, foundMeanwhile: 'k1' });
    expect([code, did]).toEqual([1, ['save 2', 'inventory', 'save 1', 'ask']]);
    expect(text).toContain('does more than plan');
  });

  test('leaves a file alone that somebody else took over meanwhile', async () => {
    const { takeOver } = jest.requireActual<SessionModule>('../../client/session.js');
    await typed('plan');
    const giveBack = await takeOver({ ...mockSession, isLent: true });
    kept = OTHER;
    await giveBack();
    expect(kept).toBe(OTHER);
  });
});

describe('a schedule', () => {
  test.each(['schedule create --every 1d', 'schedule trigger'])('is not for a campaign that was never started (%s)', async (line) => {
    const { code, did, text } = await typed(line, { startedAt: null });
    expect([code, did]).toEqual([1, []]);
    expect(text).toContain('spring was never started, and a rerun would begin all of it without a question; look at `relink plan`, then `relink start`');
  });

  test.each([
    ['create --every 1d', ['create', 'save 2', 'schedule create by Ada: why']],
    ['trigger', ['save 2', 'schedule trigger by Ada: why', 'trigger']],
    ['pause', ['schedule pause by Ada: why', 'pause']],
    ['resume', ['schedule resume by Ada: why', 'unpause']],
    ['delete', ['schedule delete by Ada: why', 'delete']],
  ])('is steered by somebody, for a reason (%s)', async (line, did) => expect(await typed(`schedule ${line} ${BY}`)).toMatchObject({ code: 0, did }));

  test.each(['trigger', 'pause', 'resume', 'delete'])('that is not there is not steered, and nobody is said to have done it (%s)', async (line) => {
    expect(await typed(`schedule ${line}`, { hasSchedule: false })).toMatchObject({ code: 1, did: [], text: expect.stringContaining('spring has no schedule') });
  });
});
