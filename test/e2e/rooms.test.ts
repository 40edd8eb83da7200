import { readFile } from 'node:fs/promises';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

interface Room {
  readonly hostEmail: string;
  readonly siteUrl: string;
  readonly id: string;
  readonly link: string;
  readonly created: string;
}
interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Personal rooms, by the command line on real parts. Their new ids show up to three seconds late. */
let story: Rehearsal;
let before: readonly Room[];
beforeAll(async () => {
  const campaign = 'scope: { personalRooms: true }\nstartGuard: 2m\ngrace: 1h\nnotices: { digestEvery: 2s }\nwaves: [rest]\n';
  story = await Rehearsal.start({ meetings: 20, hosts: 5, seed: 3, scale: 600, faults: 'ordinary', supports: ['room'], campaign });
  before = await rooms();
});
afterAll(() => story?.stop());

const rooms = (): Promise<readonly Room[]> => story.ask('rooms');
const ids = (list: readonly Room[]) => list.map(({ hostEmail, siteUrl, id, link }) => ({ hostEmail, siteUrl, id, link }));
const allInGrace = () => story.until(({ counts, notices }) => counts['replaced']! > 0 && counts['waiting']! + counts['running']! + notices.queued === 0);

async function rowsOf(kind: string): Promise<readonly { readonly meetingKey: string; readonly state: string; readonly reason: string | null }[]> {
  const { json } = JSON.parse(await story.must('report', '--json')) as { json: string };
  const { rows } = JSON.parse(await readFile(json, 'utf8')) as { rows: readonly { meetingKey: string; state: string; kind: string; reason: string | null }[] };
  return rows.filter((each) => each.kind === kind);
}

test('every room is in the plan, and gets another link of which its owner is told at once', async () => {
  await story.must('start', '--yes');
  await allInGrace();
  expect((await rowsOf('room')).map(({ state }) => state)).toEqual(before.map(() => 'replaced'));
  const after = await rooms();
  const mails = await story.ask<readonly Mail[]>('mails');
  for (const [i, { hostEmail, link }] of after.entries()) {
    expect(link).not.toBe(before[i]?.link);
    expect(mails.filter(({ to, text }) => to.includes(hostEmail) && text.includes(link))).toHaveLength(1);
  }
  expect(await story.audit('&settled=no')).toEqual({ ...NOTHING_WRONG, legacyLeft: expect.any(Number) });
});

test('a rollback gives each room its old link back, and corrects what was told', async () => {
  const told = (await story.ask<readonly Mail[]>('mails')).length;
  await story.must('rollback', '--yes', '--wait');
  expect(ids(await rooms())).toEqual(ids(before));
  const corrections = (await story.ask<readonly Mail[]>('mails')).slice(told);
  expect(new Set(corrections.flatMap(({ to }) => to))).toEqual(new Set(before.map(({ hostEmail }) => hostEmail)));
  expect((await story.status()).counts).toMatchObject({ held: 0, failed: 0, running: 0, replaced: 0 });
});

test('taken up again, rooms end with another link for good; an owner who goes back to the old id is left to a human', async () => {
  const keys = (await rowsOf('room')).map(({ meetingKey }) => meetingKey);
  await story.must('start', '--yes', '--wait');
  await story.must('retry', '--meeting', ...keys);
  await allInGrace();
  const [first] = before;
  await story.tell(`rooms/${first?.hostEmail}/rename`, { id: first?.id, siteUrl: first?.siteUrl });
  await story.must('release', '--yes');
  const { failures } = await story.until(({ phase }) => phase === 'finished');
  expect(failures).toEqual({ ReplacementGone: 1 });
  const now = await rooms();
  expect(now.filter(({ id }, i) => id === before[i]?.id)).toHaveLength(1);
  const states = (await rowsOf('room')).map(({ state }) => state).sort();
  expect(states).toEqual([...before.slice(1).map(() => 'done'), 'held'].sort());
});
