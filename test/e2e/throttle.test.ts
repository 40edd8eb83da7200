import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

/** Waiting, and going slower, by windows and by hand, by the command line on real parts. */
let story: Rehearsal;
let file = '';
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 60, hosts: 12, seed: 11, faults: 'none', campaign: 'startGuard: 2m\ngrace: 2s\nnotices: { digestEvery: 1s }\nwaves: [rest]\n' });
  file = await readFile(join(story.folder, 'campaign.yaml'), 'utf8');
});
afterAll(() => story?.stop());

const why = ['--by', 'Robin Vael', '--reason', 'the helpdesk is busy'] as const;
const calls = async () => (await story.ask<readonly { readonly n: number }[]>('calls')).at(-1)?.n ?? 0;
const edit = (windows: string) => writeFile(join(story.folder, 'campaign.yaml'), `${file}windows: ${windows}\n`);

/** From an hour ago to an hour from now, whatever the hour is, also across midnight. */
const clock = (ms: number): string => new Date(Date.now() + ms).toISOString().slice(11, 16);
const hours = `${clock(-3_600_000)}-${clock(3_600_000)}`;
const around = (rate: string): string => `{ hours: ${hours}, zone: UTC, rate: ${rate} }`;

/** As the Temporal UI shows it, once the campaign has looked at the ledger again. */
const board = (since: RegExp): Promise<string> =>
  story.onTemporal(async (client) => {
    for (;;) {
      const { currentDetails } = await client.workflow.getHandle('campaign/story').query<{ currentDetails: string }>('__temporal_workflow_metadata');
      if (since.test(currentDetails)) return currentDetails;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

test('in a freeze nothing is written, and the status says which and until when; the file is edited, and it goes on slowly, while nobody may be mailed', async () => {
  await edit(`{ writes: [${around('0')}] }`);
  expect(await story.must('plan')).toMatch(/Of that time (1 h|5\d min) are outside the campaign's windows/);
  await story.must('start', '--yes');
  await story.until(({ phase }) => phase === 'remediating');
  const until = `\\d{4}-\\d\\d-\\d\\dT${hours.slice(6)}:00.000Z`;
  const frozen = new RegExp(`Window every day ${hours} UTC, until ${until}: nothing is begun or deleted\\.`);
  for (const text of [await story.must('status'), await board(/Rate now/)]) {
    expect(text).toMatch(frozen);
    expect(text).toMatch(/Rate now: 0 meetings replaced in the last 10 minutes; allowed are none of ops-1\.\s+The last old link is expected to be dead at [^.]*, .*the plan foresaw\./);
  }
  expect(JSON.parse(await story.must('status', '--json'))).toMatchObject({ windows: [{ of: 'writes', rate: 0, window: `every day ${hours} UTC`, until: expect.stringMatching(until) }] });
  expect(await story.writes()).toEqual([]);

  await edit('{ writes: [{ zone: UTC, rate: 0 }] }');
  const never = await story.relink('start', '--yes');
  expect([never.code, never.err]).toEqual([2, expect.stringContaining('windows.writes: leave no hour that is open, so nothing would ever happen')]);
  expect(await story.writes()).toEqual([]);

  await edit(`{ writes: [${around('600/m')}], notices: [${around('0')}] }`);
  expect(await story.must('start', '--yes')).toContain('story is already running');
  await story.until(({ counts }) => counts['replaced']! > 0);
  expect(await story.must('status')).toMatch(/at most 600 requests a minute of each identity\.[^]*nobody is mailed\./);
  expect([await story.ask('mails'), (await story.writes()).filter(({ method }) => method === 'DELETE')]).toEqual([[], []]);
});

test('a campaign is slowed down, frozen, and goes on: nothing is asked of the vendor meanwhile, and each order leaves who, when and why', async () => {
  expect(await story.must('throttle', '--requests', '2/s', ...why)).toBe('identity ops-1: at most 120 requests a minute.\n'); // so slow that it is not over before the freeze
  await edit('{}');
  await story.must('start', '--yes');
  await story.until(({ counts, notices }) => notices.sent > 0 && counts['replaced']! + counts['done']! > 0);
  const more = await story.relink('throttle', '--requests', '9999999/m', ...why);
  expect([more.code, more.err]).toEqual([2, expect.stringContaining('relink.yaml allows identity ops-1 16800 requests a minute')]);

  expect(await story.must('throttle', '--requests', '0', '--concurrent', '3', ...why)).toContain('identity ops-1: frozen');
  expect(await story.must('status')).toMatch(/Throttled: identity ops-1: frozen.*by Robin Vael at .*: the helpdesk is busy/);
  const before = await calls();
  const { counts } = await story.status();
  expect(counts['waiting']! + counts['running']! + counts['replaced']!).toBeGreaterThan(0);
  expect(await story.must('show', await anyKey())).toContain('the helpdesk is busy');
  expect(await calls()).toBe(before);

  // Two operators at once: one is obeyed, the other is told. A process that begins late has seen what the first did.
  for (let told = ''; !told.includes('somebody ordered meanwhile: identity ops-1: '); ) {
    const opposite = await Promise.all([story.relink('throttle', '--clear', ...why), story.relink('throttle', '--requests', '9000/m', ...why)]);
    expect(opposite.some(({ code }) => code === 0)).toBe(true);
    told = opposite.find(({ code }) => code === 1)?.err ?? '';
  }

  await story.until(({ phase }) => phase === 'finished');
  expect(await story.audit()).toEqual(NOTHING_WRONG);
});

async function anyKey(): Promise<string> {
  const { json } = JSON.parse(await story.must('report', '--json')) as { json: string };
  const { status, rows } = JSON.parse(await readFile(json, 'utf8')) as { status: { throttleOrders: unknown }; rows: readonly { meetingKey: string }[] };
  expect(status.throttleOrders).toMatchObject([{ of: 'ops-1', value: 120 }, { of: 'ops-1', value: 0, by: 'Robin Vael' }, { of: 'story', value: 3, reason: 'the helpdesk is busy' }]);
  return rows[0]!.meetingKey;
}
