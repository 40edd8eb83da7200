import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
}

/** Rollback, pause and edits in grace, by the command line on real parts. */
let story: Rehearsal;
/** A meeting to which the organiser does what no request carries over. */
let edited = '';
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 36, hosts: 9, seed: 7, faults: 'ordinary', campaign: 'edits: { deleted: ask }\nstopRules: { reverted: { hold: never } }\nstartGuard: 2m\ngrace: 1h\nnotices: { digestEvery: 2s }\nwaves: [rest]\n' });
});
afterAll(() => story?.stop());

interface Truth {
  readonly kind: string;
  readonly affected: boolean;
  readonly supported: boolean;
  readonly alive: boolean;
  readonly origin: string;
}

const BY = ['--by', 'Robin Vael', '--reason', 'wrong lobby'];

/** Two operators press enter at the same moment; again, when the machine let one of them begin after the other. @returns what the refused one is told */
async function oneOfTwo(): Promise<string> {
  for (;;) {
    const ran = await Promise.all([story.relink('pause', ...BY), story.relink('resume', '--by', 'Ada')]);
    const [refused] = ran.filter(({ code }) => code === 1);
    if (refused) return refused.err;
    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
  }
}

/** Keys of meetings in that state, from the report. */
async function keysIn(state: string): Promise<readonly string[]> {
  const { json } = JSON.parse(await story.must('report', '--json')) as { json: string };
  const { rows } = JSON.parse(await readFile(json, 'utf8')) as { rows: readonly { meetingKey: string; state: string }[] };
  return rows.filter((each) => each.state === state).map(({ meetingKey }) => meetingKey);
}

/** Vendor ids of single meetings that the campaign replaces. */
async function anyLegacies(): Promise<readonly string[]> {
  const all = Object.entries(await story.ask<Record<string, Truth>>('truth'));
  return all.flatMap(([id, { kind, affected, supported, alive, origin }]) => (kind === 'single' && affected && supported && alive && origin === 'seed' ? [id] : []));
}

const allInGrace = () => story.until(({ counts, notices }) => counts['replaced']! > 0 && counts['waiting']! + counts['running']! + notices.queued === 0);

test('a rollback in grace leaves the vendor as it was, and corrects exactly those who had been told', async () => {
  const before = await story.ask<unknown>('meetings');
  await story.must('start', '--yes', '--json');
  const { counts } = await allInGrace();
  for (const feeding of [['plan'], ['inventory', 'export']]) {
    const refused = await story.relink(...feeding);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('story runs and would begin at once what an inventory finds')]);
  }
  const told = (await story.ask<readonly Mail[]>('mails')).map(({ to }) => to.join());

  const asked = await story.relink('rollback', '--json');
  expect([asked.code, asked.out, asked.err]).toEqual([2, '', expect.stringMatching(new RegExp(`whole campaign story: ${counts['replaced']} meetings[^]*give --yes`))]);
  expect((await story.status()).orders).toMatchObject([{ verb: 'start', reason: null }]);
  const receipt = JSON.parse(await story.must('rollback', '--yes', '--wait', '--json', ...BY)) as object;
  expect(receipt).toMatchObject({ campaign: 'story', order: 'rollback', ordered: counts['replaced'], refused: 0, preview: [{ state: 'replaced', wave: 1, meetings: counts['replaced'] }] });
  const status = await story.status();
  expect(status.counts).toMatchObject({ replaced: 0, running: 0, 'rolled-back': counts['replaced']! });
  expect(status).toMatchObject({ phase: 'stopped', reconciles: true });
  expect(await story.ask('meetings')).toEqual(before);
  const corrections = (await story.ask<readonly Mail[]>('mails')).slice(told.length);
  expect(corrections.map(({ to }) => to.join()).sort()).toEqual([...new Set(told)].sort());
  expect(status.orders).toMatchObject([{ verb: 'start' }, { verb: 'rollback', by: 'Robin Vael', reason: 'wrong lobby', scope: null, now: { 'rolled-back': counts['replaced']! }, carriedOut: { ordered: counts['replaced'] } }]);
});

test('a rerun does not take up again what was put back', async () => {
  const trigger = await story.relink('schedule', 'trigger');
  expect([trigger.code, trigger.err]).toEqual([1, expect.stringContaining('put back, and reruns leave it so; `relink start story` takes it up again')]);
});

test('after a rollback a start takes it all up again; a pause holds every deletion; an edit meanwhile is carried over and told, or the meeting is held', async () => {
  const keys = await keysIn('rolled-back');
  expect((await story.relink('retry', '--meeting', ...keys)).err).toContain('begin again with `relink start story`');
  await story.must('start', '--yes', '--wait');
  await story.must('retry', '--json', '--meeting', ...keys);
  await allInGrace();
  const [first = '', renamed = '', ...deleted] = (await anyLegacies()).slice(0, 4);
  edited = first;
  await story.tell(`meetings/${renamed}/edit`, { title: 'Moved to the garden' });
  for (const id of deleted) await story.tell(`meetings/${id}/delete`, {});
  await story.tell(`meetings/${edited}/edit`, { breakouts: [{ name: 'Garden', invitees: [] }] }); // which no request carries over silently

  // Two operators at once: one is obeyed, the other is told.
  expect(await oneOfTwo()).toMatch(/somebody ordered meanwhile: (pause|resume); so nothing was ordered/);
  await story.must('pause', '--json');
  await story.must('release', '--yes', '--json');
  const calls = (await story.ask<readonly { readonly n: number }[]>('calls')).at(-1)?.n ?? 0;
  await story.until(({ phase }) => phase === 'paused');
  expect((await story.relink('stop', '--help')).code).toBe(0);
  expect(await story.writes(calls)).toEqual([]);

  await story.must('resume', '--json');
  const { counts, failures } = await story.until(({ phase }) => phase === 'finished');
  expect(counts).toMatchObject({ held: 3, replaced: 0, running: 0, waiting: 0, failed: 0 });
  expect(failures).toEqual({ LegacyChanged: 1, LegacyDeleted: 2 });
  expect(JSON.parse(await story.must('failures', '--json'))).toMatchObject([{ failure: 'LegacyDeleted', held: 2, failed: 0 }, { failure: 'LegacyChanged', held: 1, failed: 0 }]);
  expect(await story.must('failures')).toContain('`relink rollback --meeting KEY` deletes it too');
  const left = await story.ask<readonly { readonly id: string; readonly title: string }[]>('meetings');
  expect(left.map(({ id }) => id)).toContain(edited);
  expect(left.filter(({ title }) => title === 'Moved to the garden').map(({ id }) => id === renamed)).toEqual([false]);
  expect((await story.ask<readonly Mail[]>('mails')).map(({ subject }) => subject)).toContain('Your change of a meeting was carried into its new link');
  const [held] = await keysIn('held');
  const shown = await story.must('show', held ?? '');
  for (const words of ['rollback of the whole campaign', 'wrong lobby', 'Robin Vael', 'pause', 'resume', 'release of']) expect(shown).toContain(words);
  expect(await story.must('report')).toContain('Robin Vael');
  expect(await story.audit(`&exclude=${edited}`)).toEqual({ ...NOTHING_WRONG, orphans: 0 });
});

test('Temporal never hears who ordered something, or why', async () => {
  const files = (await readdir(join(story.folder, 'data'), { recursive: true })).filter((name) => basename(name).startsWith('temporal.db'));
  const texts = await Promise.all(files.map((name) => readFile(join(story.folder, 'data', name), 'latin1')));
  expect(texts.some((text) => text.includes('campaign/story'))).toBe(true);
  for (const text of texts) for (const hidden of ['Robin Vael', 'wrong lobby']) expect(text).not.toContain(hidden);
});

test('what is past its pivot is not put back, and the refusal says why', async () => {
  const done = (await story.status()).counts['done'] ?? 0;
  const asked = await story.relink('rollback', '--state', 'done,held');
  expect([asked.code, asked.out]).toEqual([2, expect.stringMatching(new RegExp(`puts back 1 meeting of story.*${done} meetings not: the old meeting is deleted and cannot come back; only a further replacement`, 's'))]);
  const nothing = await story.relink('rollback', '--state', 'done', '--yes');
  expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining('refused: the old meeting is deleted')]);
  const unexpected = await story.relink('rollback', '--class', 'LegacyChanged', '--yes', '--expect', '2');
  expect([unexpected.code, unexpected.err]).toEqual([1, expect.stringContaining('rollback reaches 1 meeting, not 2; nothing was ordered')]);
  const misspelt = await story.relink('retry', '--class', 'LegacyChangd');
  expect([misspelt.code, misspelt.err]).toEqual([2, expect.stringContaining('did you mean LegacyChanged?')]);
  expect((await story.relink('retry', '--wave', '9', '--yes')).code).toBe(1);
  expect((await story.status()).phase).toBe('finished');

  expect(JSON.parse(await story.must('show', '--json', '--class', 'LegacyChanged'))).toMatchObject([{ state: 'held', wave: 1 }]);
  const answered = await story.relink('rollback', '--class', 'LegacyChanged', '--yes', '--expect', '1', ...BY, '--wait');
  expect([answered.code, answered.err]).toEqual([1, expect.stringContaining('0 failed and 2 are held')]);
  expect((await story.status()).counts).toMatchObject({ 'rolled-back': 1, held: 2, done });
});

test('who deleted the old meeting is asked about the new one, and either answer is given by key', async () => {
  const held = JSON.parse(await story.must('show', '--json', '--class', 'LegacyDeleted')) as readonly { readonly meeting: string }[];
  const [kept = '', dropped = ''] = held.map(({ meeting }) => meeting);
  expect((await story.ask<readonly Mail[]>('mails')).map(({ subject }) => subject).filter((subject) => subject.startsWith('Please answer: you deleted'))).not.toHaveLength(0);
  for (const wrong of [['rollback', '--state', 'held'], ['release', '--wave', '1'], ['retry', '--class', 'LegacyDeleted']]) expect((await story.relink(...wrong, '--yes')).code).toBe(1);

  const before = (await story.ask<readonly unknown[]>('meetings')).length;
  const { done = 0, gone = 0 } = (await story.status()).counts;
  expect((await story.relink('release', '--meeting', kept, ...BY, '--wait')).code).toBe(1); // the other is still held
  expect((await story.status()).counts).toMatchObject({ held: 1, done: done + 1, gone });
  await story.must('rollback', '--meeting', dropped, '--yes', ...BY);
  const { counts } = await story.until((status) => status.counts['held'] === 0);
  expect(counts).toMatchObject({ held: 0, done: done + 1, gone: gone + 1 });
  expect(await story.ask<readonly unknown[]>('meetings')).toHaveLength(before - 1);
  expect((await story.ask<readonly Mail[]>('mails')).at(-1)?.subject).toBe('A meeting that you deleted is deleted under its new link too');
});

test('what was held and is tried again is taken up, although the campaign had ended over it', async () => {
  await story.must('retry', '--json', '--meeting', ...(await keysIn('rolled-back')));
  await allInGrace();
  await story.tell(`meetings/${edited}/edit`, { breakouts: [{ name: 'Orchard', invitees: [] }] });
  await story.must('release', '--yes', '--json');
  await story.until(({ phase, counts }) => phase === 'finished' && counts['held'] === 1);
  const receipt = JSON.parse(await story.must('retry', '--json', '--class', 'LegacyChanged', '--yes', ...BY)) as object;
  expect(receipt).toMatchObject({ ordered: 1, refused: 0 });
  expect((await allInGrace()).counts).toMatchObject({ held: 0, waiting: 0, replaced: 1 });
});
