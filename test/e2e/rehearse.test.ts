import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

const DAY_MS = 86_400_000;
/** So many days from now. */
const day = (n: number): string => new Date(Date.now() + n * DAY_MS).toISOString().slice(0, 10);
/** Frozen until the day after tomorrow. */
const campaign = `startGuard: 2m
grace: 10s
notices: { digestEvery: 5s }
limits: { maxConcurrent: 4 }
waves: [1, rest]
approval: { waves: true }
stopRules: { unverified: { hold: 3 } }
rehearseAbove: 5
windows: { writes: [{ rate: 0, zone: UTC, dates: ${day(-1)} to ${day(2)} }] }
`;

interface Outcome {
  readonly plan: number;
  readonly passed: boolean;
  readonly shape: { readonly meetings: number; readonly kinds: Record<string, number> };
  readonly sample: { readonly share: number; readonly meetings: number };
  readonly counts: Record<string, number>;
  readonly audit: Record<string, number>;
  readonly mails: { readonly sent: number; readonly people: number; readonly byVendor: number };
  readonly stopRules: readonly { readonly gate: string; readonly answer: string; readonly cause: { readonly count: number } }[];
  readonly approvals: number;
  readonly estimated: { readonly ms: number; readonly windowsMs: number };
  readonly requestsPerMeeting: number;
}
interface Plan {
  readonly number: number;
  readonly meetings: number;
  readonly rehearsal: { readonly standing: string; readonly asked: boolean };
}

/** A rehearsal between a plan and its start, through the command line. */
let story: Rehearsal;
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 24, hosts: 6, seed: 12, faults: 'none', campaign });
});
afterAll(() => story?.stop());

const planned = async (): Promise<Plan> => JSON.parse(await story.must('plan', '--json')) as Plan;
async function rehearsed(code: number, ...options: readonly string[]): Promise<Outcome> {
  const ran = await story.relink('rehearse', '--json', ...options);
  if (ran.code !== code) throw new Error(`relink rehearse ended with ${ran.code}: ${ran.err}`);
  return JSON.parse(ran.out) as Outcome;
}

test('without a plan there is nothing to rehearse, and a start of many meetings asks for a rehearsal', async () => {
  const early = await story.relink('rehearse');
  expect([early.code, early.err]).toEqual([2, expect.stringContaining('`relink plan` makes the first')]);
  expect((await planned()).rehearsal).toEqual({ standing: 'not rehearsed', last: null, asked: true });
  const refused = await story.relink('start', '--yes');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('`relink rehearse story`, or give --unrehearsed')]);
  expect(await story.writes()).toEqual([]);
});

test('a rehearsal does what the plan says on a vendor of its own, asks the real one nothing, and the plan knows that it passed', async () => {
  const plan = await planned();
  const calls = (await story.ask<readonly object[]>('calls')).length;
  const outcome = await rehearsed(0, '--faults', 'none');
  expect(outcome).toMatchObject({ plan: plan.number, passed: true, shape: { meetings: plan.meetings }, sample: { share: 1, meetings: plan.meetings }, audit: NOTHING_WRONG, stopRules: [], approvals: 1 });
  expect(outcome.counts['done']).toBe(plan.meetings);
  expect(outcome.mails).toMatchObject({ sent: expect.any(Number), byVendor: 0 });
  expect(outcome.mails.people).toBeGreaterThan(1);
  expect(outcome.requestsPerMeeting).toBeGreaterThan(5);
  expect(outcome.estimated.windowsMs).toBeGreaterThan(DAY_MS);
  expect(outcome.estimated.ms - outcome.estimated.windowsMs).toBeGreaterThan(10_000);
  expect((await story.ask<readonly object[]>('calls')).length).toBe(calls);
  expect((await planned()).rehearsal).toMatchObject({ standing: 'passed', asked: true });
});

test('one that a stop rule would hold does not pass, and then start asks again', async () => {
  const outcome = await rehearsed(1, '--faults', 'none', '--share', '50%', '--site-forces', 'enabledJoinBeforeHost=true');
  expect(outcome.passed).toBe(false);
  expect(outcome.stopRules[0]).toMatchObject({ gate: 'rule unverified', answer: 'hold' });
  expect(outcome.sample.meetings).toBeLessThan(outcome.shape.meetings);
  expect(await story.must('plan')).toContain('Rehearsed: failed');
  expect((await story.relink('start', '--yes')).err).toContain('the rehearsal of it did not pass');
  await story.must('start', '--yes', '--unrehearsed');
  await story.until(({ phase }) => phase !== 'planning');
});
