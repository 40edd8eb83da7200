import { readFile } from 'node:fs/promises';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

/** Going slower, by the command line on real parts. */
let story: Rehearsal;
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 60, hosts: 12, seed: 11, faults: 'none', campaign: 'startGuard: 2m\ngrace: 2s\nnotices: { digestEvery: 1s }\nwaves: [rest]\n' });
}, 120_000);
afterAll(() => story?.stop(), 60_000);

const why = ['--by', 'Robin Vael', '--reason', 'the helpdesk is busy'] as const;
const calls = async () => (await story.ask<readonly { readonly n: number }[]>('calls')).at(-1)?.n ?? 0;

test('a campaign is slowed down, frozen, and goes on: nothing is asked of the vendor meanwhile, and each order leaves who, when and why', async () => {
  await story.must('plan');
  expect(await story.must('throttle', '--requests', '10/s', ...why)).toBe('identity ops-1: at most 600 requests a minute.\n');
  await story.must('start', '--yes');
  await story.until(({ counts }) => counts['replaced']! + counts['done']! > 0);
  const more = await story.relink('throttle', '--requests', '9999999/m', ...why);
  expect([more.code, more.err]).toEqual([2, expect.stringContaining('relink.yaml allows identity ops-1 16800 requests a minute')]);

  expect(await story.must('throttle', '--requests', '0', '--concurrent', '3', ...why)).toContain('identity ops-1: frozen');
  expect(await story.must('status')).toMatch(/Throttled: identity ops-1: frozen.*by Robin Vael at .*: the helpdesk is busy/);
  const before = await calls();
  const { counts } = await story.status();
  expect(counts['waiting']! + counts['running']! + counts['replaced']!).toBeGreaterThan(0);
  expect(await story.must('show', await anyKey())).toContain('the helpdesk is busy');
  expect(await calls()).toBe(before);

  const opposite = await Promise.all([story.relink('throttle', '--clear', ...why), story.relink('throttle', '--requests', '9000/m', ...why)]);
  expect(opposite.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(opposite.find(({ code }) => code === 1)?.err).toContain('somebody ordered meanwhile: identity ops-1: ');

  await story.until(({ phase }) => phase === 'finished');
  expect(await story.audit()).toEqual(NOTHING_WRONG);
}, 180_000);

async function anyKey(): Promise<string> {
  const { json } = JSON.parse(await story.must('report', '--json')) as { json: string };
  const { status, rows } = JSON.parse(await readFile(json, 'utf8')) as { status: { throttleOrders: unknown }; rows: readonly { meetingKey: string }[] };
  expect(status.throttleOrders).toMatchObject([{ of: 'ops-1', value: 600 }, { of: 'ops-1', value: 0, by: 'Robin Vael' }, { of: 'story', value: 3, reason: 'the helpdesk is busy' }]);
  return rows[0]!.meetingKey;
}
