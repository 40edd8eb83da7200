import { readFile } from 'node:fs/promises';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
}

/** Rollback, pause and edits in grace, by the command line on real parts. */
let story: Rehearsal;
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 60, hosts: 12, seed: 7, faults: 'ordinary', campaign: 'startGuard: 2m\ngrace: 1h\nnotices: { digestEvery: 2s }\nwaves: [rest]\n' });
}, 120_000);
afterAll(() => story?.stop(), 60_000);

interface Truth {
  readonly affected: boolean;
  readonly supported: boolean;
  readonly alive: boolean;
  readonly origin: string;
}

/** Keys of meetings in that state, from the report. */
async function keysIn(state: string): Promise<readonly string[]> {
  const { json } = JSON.parse(await story.must('report', '--json')) as { json: string };
  const { rows } = JSON.parse(await readFile(json, 'utf8')) as { rows: readonly { meetingKey: string; state: string }[] };
  return rows.filter((each) => each.state === state).map(({ meetingKey }) => meetingKey);
}

/** Vendor id of a meeting that the campaign replaces. */
async function anyLegacy(): Promise<string> {
  const found = Object.entries(await story.ask<Record<string, Truth>>('truth')).find(([, { affected, supported, alive, origin }]) => affected && supported && alive && origin === 'seed');
  if (!found) throw new Error('there is none');
  return found[0];
}

const allInGrace = () => story.until(({ counts, notices }) => counts['replaced']! > 0 && counts['waiting']! + counts['running']! + notices.queued === 0);

test('a rollback in grace leaves the vendor as it was, and corrects exactly those who had been told', async () => {
  const before = await story.ask<unknown>('meetings');
  await story.must('start', '--yes', '--json');
  const { counts } = await allInGrace();
  const told = (await story.ask<readonly Mail[]>('mails')).map(({ to }) => to.join());

  const receipt = JSON.parse(await story.must('rollback', '--yes', '--wait', '--json')) as unknown;
  expect(receipt).toEqual({ campaign: 'story', order: 'rollback', ordered: counts['replaced'], refused: 0 });
  const status = await story.status();
  expect(status.counts).toMatchObject({ replaced: 0, running: 0, 'rolled-back': counts['replaced']! });
  expect(status).toMatchObject({ phase: 'stopped', reconciles: true });
  expect(await story.ask('meetings')).toEqual(before);
  const corrections = (await story.ask<readonly Mail[]>('mails')).slice(told.length);
  expect(corrections.map(({ to }) => to.join()).sort()).toEqual([...new Set(told)].sort());
}, 120_000);

test('after a rollback a start takes it all up again; a pause holds every deletion, and a meeting edited meanwhile is held', async () => {
  const keys = await keysIn('rolled-back');
  expect((await story.relink('retry', '--meeting', ...keys)).err).toContain('begin again with `relink start story`');
  await story.must('start', '--yes', '--wait');
  await story.must('retry', '--json', '--meeting', ...keys);
  await allInGrace();
  const edited = await anyLegacy();
  await story.tell(`meetings/${edited}/edit`, { title: 'Moved to the garden' });

  await story.must('pause', '--json');
  await story.must('release', '--json');
  const calls = (await story.ask<readonly { readonly n: number }[]>('calls')).at(-1)?.n ?? 0;
  expect(await story.status()).toMatchObject({ phase: 'paused' });
  expect((await story.relink('stop', '--help')).code).toBe(0);
  expect(await story.writes(calls)).toEqual([]);

  await story.must('resume', '--json');
  const { counts, failures } = await story.until(({ phase }) => phase === 'finished');
  expect(counts).toMatchObject({ held: 1, replaced: 0, running: 0, waiting: 0, failed: 0 });
  expect(failures).toEqual({ LegacyChanged: 1 });
  expect(JSON.parse(await story.must('failures', '--json'))).toMatchObject([{ failure: 'LegacyChanged', held: 1, failed: 0 }]);
  expect((await story.ask<readonly { readonly id: string }[]>('meetings')).map(({ id }) => id)).toContain(edited);
  expect(await story.audit(`&exclude=${edited}`)).toEqual({ ...NOTHING_WRONG, orphans: 0 });
}, 180_000);

test('what is past its pivot is not put back, and the refusal says why', async () => {
  const { code, err, out } = await story.relink('rollback', '--yes');
  expect(`${out}${err}`).toContain('the old meeting is deleted and cannot come back');
  expect(code).toBe(0);
}, 60_000);
