import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

/**
 * Exemptions by the command line on real parts, of organisers who are told ahead: the vendor is asked whether what was exempt was left alone,
 * and whether anything came before its time.
 */
let story: Rehearsal;
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 40, hosts: 10, seed: 5, faults: 'none', campaign: 'startGuard: 2m\ngrace: 3s\nnotices: { digestEvery: 2s, announce: 40s }\nwaves: [rest]\n' });
});
afterAll(() => story?.stop());

interface Living {
  readonly id: string;
  readonly hostEmail: string;
}
interface Sent {
  readonly to: readonly string[];
  readonly subject: string;
  readonly at: string;
}
interface Truth {
  readonly affected: boolean;
  readonly supported: boolean;
}
interface Report {
  readonly status: { readonly exemptions: readonly { readonly id: number; readonly by: string; readonly reason: string; readonly until: string; readonly standing: string }[] };
  readonly rows: readonly { readonly meetingKey: string; readonly state: string; readonly exclusion: string | null; readonly exemption: number | null; readonly startsAt: string | null; readonly steps: readonly { readonly at: string }[] }[];
}

/** What starts sooner than the announcement is ahead, and one and a half guards, is not held up for it. */
const NOT_HELD_UP_MS = 40_000 + 180_000;

const BY = ['--by', 'Robin Vael', '--reason', 'moves to another site'];
const report = async (): Promise<Report> => JSON.parse(await readFile((JSON.parse(await story.must('report', '--json')) as { json: string }).json, 'utf8')) as Report;
const living = () => story.ask<readonly Living[]>('meetings');

/** Meetings that the campaign would replace. */
async function replaceable(): Promise<readonly Living[]> {
  const truth = await story.ask<Record<string, Truth>>('truth');
  return (await living()).filter(({ id }) => truth[id]?.affected && truth[id].supported);
}

/** The hosts with most meetings that the campaign would replace, and these. */
async function busiest(): Promise<readonly { readonly host: string; readonly ids: readonly string[] }[]> {
  const meetings = await replaceable();
  const hosts = [...new Set(meetings.map(({ hostEmail }) => hostEmail))];
  return hosts.map((address) => ({ host: address, ids: meetings.filter(({ hostEmail }) => hostEmail === address).map(({ id }) => id) })).toSorted((a, b) => b.ids.length - a.ids.length);
}

let host: string;
let ids: readonly string[];
/** Who answers the announcement, and what they own. */
let objector: { readonly host: string; readonly ids: readonly string[] };
/** Meetings that wait without any exemption. */
let planned: number;

test('a preview tells how many meetings it concerns, and changes nothing without a yes', async () => {
  const [first, second] = await busiest();
  if (!first || !second) throw new Error('there are none');
  ({ host, ids } = first);
  objector = second;
  planned = (JSON.parse(await story.must('plan', '--json')) as { meetings: number }).meetings;
  const { code, out, err } = await story.relink('exempt', '--host', host, '--until', '2126-12-31', ...BY);
  expect([code, out]).toEqual([2, expect.stringContaining(`${ids.length} wait and leave the queue now`)]);
  expect(err).toContain('give --yes');
  expect(await story.must('exempt', '--list')).toContain('Nothing is exempt');
});

test('an exempt host’s meetings are excluded, and the plan says by whom, why and until when', async () => {
  const receipt = JSON.parse(await story.must('exempt', '--host', host, '--until', '2126-12-31', ...BY, '--yes', '--json')) as object;
  expect(receipt).toMatchObject({ campaign: 'story', order: 'exempt', exempted: 1, left: ids.length, underWay: 0 });
  const plan = await story.must('plan');
  expect(plan).toContain(`${planned - ids.length} meetings to replace`);
  for (const words of ['Exempted', 'Robin Vael', 'moves to another site', '2127-01-01 00:00 UTC']) expect(plan).toContain(words);
  expect(plan).not.toContain(host);
  expect(await story.must('exempt', '--list')).toContain(host);
});

test('a file with one bad line changes nothing, nor does a selection without a yes', async () => {
  await writeFile(join(story.folder, 'bad.csv'), `host,meeting,until,by,reason\neve@example.org,,2126-12-31,Bob,why\n${host},,yesterday,Bob,why\n`);
  const bad = await story.relink('exempt', '--file', 'bad.csv', '--yes');
  expect([bad.code, bad.err]).toEqual([2, expect.stringContaining('bad.csv:3: until: is not a day')]);
  const selected = await story.relink('exempt', '--wave', '1', '--limit', '2', '--until', '2126-12-31', ...BY);
  expect([selected.code, selected.out]).toEqual([2, expect.stringContaining('Exempts 2 hosts and meetings in story: 2 meetings are concerned')]);
});

test('who is told ahead and answers is left alone; all others get their new links, none before the time that was said', async () => {
  const plan = await story.must('plan');
  expect(plan).toMatch(/\d+ organisers told 40 s ahead, of \d+ meetings that are not begun before/);
  await story.must('start', '--yes');
  await story.until(({ announcements }) => announcements !== undefined && announcements.organisers > 0 && announcements.toTell.meetings === 0);
  await story.must('pause'); // whoever objects has all the time that this machine takes
  await story.must('exempt', '--host', objector.host, '--until', '2126-12-31', '--by', 'Bob', '--reason', 'asked to wait', '--yes');
  expect(await story.must('status')).toMatch(/Announced to \d+ organisers \(\d+ meetings\)/);
  await story.must('resume');
  await story.until(({ phase }) => phase === 'finished');

  const announced = (await story.ask<readonly Sent[]>('mails')).filter(({ subject }) => subject.startsWith('Announcement'));
  const mailed = announced.map(({ to }) => to.join());
  expect(mailed.toSorted()).toEqual([...new Set(mailed)].toSorted());
  expect(mailed).toContain(objector.host);
  expect(mailed).not.toContain(host);
  const first = Math.min(...announced.map(({ at }) => Date.parse(at)));
  const tooSoon = (await report()).rows.filter(({ startsAt, steps: [begun] }) => begun && startsAt !== null && Date.parse(startsAt) - Date.parse(begun.at) <= NOT_HELD_UP_MS).length;
  const early = (await story.writes()).filter(({ method, at }) => method === 'POST' && Date.parse(String(at)) - first < 40_000);
  expect(early.length).toBeLessThanOrEqual(tooSoon);
  const after = (await living()).map(({ id }) => id);
  for (const id of [...ids, ...objector.ids]) expect(after).toContain(id);
  expect((await story.status()).counts).toMatchObject({ done: planned - ids.length - objector.ids.length, waiting: 0 });
});

test('report and show say who exempted what, why and until when', async () => {
  const { status, rows } = await report();
  expect(status.exemptions).toMatchObject([{ by: 'Robin Vael', reason: 'moves to another site', standing: 'in force', until: '2127-01-01T00:00:00.000Z' }, { by: 'Bob', reason: 'asked to wait' }]);
  const exempt = rows.filter(({ exclusion }) => exclusion === 'Exempted');
  expect(exempt.length).toBeGreaterThanOrEqual(ids.length);
  expect(new Set(exempt.map(({ exemption }) => exemption))).toEqual(new Set(status.exemptions.map(({ id }) => id)));
  const shown = await story.must('show', exempt.find(({ exemption }) => exemption === status.exemptions[0]?.id)?.meetingKey ?? '');
  for (const words of ['an exemption leaves it alone', 'Robin Vael', 'moves to another site', '2127-01-01']) expect(shown).toContain(words);
});

test('taken back, they come as late arrivals of the next run, and the vendor’s audit finds nothing', async () => {
  await story.must('exempt', '--remove', '--host', host, '--by', 'Bob', '--reason', 'has moved', '--yes');
  await story.must('exempt', '--remove', '--host', objector.host, '--by', 'Bob', '--reason', 'has answered', '--yes');
  const again = await story.relink('exempt', '--remove', '--host', host, '--by', 'Bob', '--reason', 'has moved', '--yes');
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('no exemption of this host is in force')]);
  await story.must('start', '--yes', '--wait'); // who was told before is not told again, nor waited for
  expect((await story.status()).counts).toMatchObject({ done: planned, waiting: 0 });
  expect((await report()).status.exemptions).toMatchObject([{ standing: 'removed', removed: { by: 'Bob', reason: 'has moved' } }, { standing: 'removed' }]);
  expect(await story.audit()).toEqual(NOTHING_WRONG);
});
