import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { campaignId, RELINK_QUEUE } from '../../workflows/messages.js';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

/** One campaign from plan to rerun, by the command line on real parts; at the end nothing that names a person is found anywhere. */
let story: Rehearsal;
/** All that the command line printed. */
const printed: string[] = [];
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 60, hosts: 12, seed: 11, faults: 'ordinary', campaign: 'startGuard: 2m\ngrace: 3s\nnotices: { digestEvery: 2s, language: nl }\nwaves: [1, 10, rest]\nrecheck: 100%\n' });
});
afterAll(() => story?.stop());

async function must(...args: readonly string[]): Promise<string> {
  const out = await story.must(...args);
  printed.push(out);
  return out;
}

interface Call {
  readonly n: number;
  readonly meetingId: string | null;
}
interface Living {
  readonly id: string;
  readonly hostEmail: string;
  readonly meetingNumber: string;
  readonly webLink: string;
  readonly start: string;
  readonly recurrence: string | null;
  readonly scheduledType: string;
}
/** Of the organisation: a meeting that is shown may be a guest's of another one. */
interface Person {
  readonly email: string;
}
const mails = async (): Promise<number> => (await story.ask<readonly unknown[]>('mails')).length;
const lastCall = async (): Promise<number> => (await story.ask<readonly Call[]>('calls')).at(-1)?.n ?? 0;
const done = async (): Promise<number> => (await story.status()).counts['done'] ?? 0;
const settled = (more: number) => story.until(({ phase, counts }) => phase === 'finished' && counts['done'] === more);

test('a plan only reads at the vendor, and says what will happen to whom and when', async () => {
  const text = await must('plan');
  expect(await story.writes()).toEqual([]);
  for (const words of ['soonest start', 'point of no return', 'Forecast', 'Findings by evidence', 'snapshot', 'Refused', 'SpaceMeeting']) expect(text).toContain(words);
  const { waves, meetings } = JSON.parse(await must('plan', '--json')) as { waves: readonly { meetings: number }[]; meetings: number };
  expect(waves.map((wave) => wave.meetings)).toEqual([1, 10, meetings - 11]);
  expect(await story.writes()).toEqual([]);
});

/** Host and start do not tell two apart that are held at one time of day, be it by other clocks. */
function sharesItsHour({ id, hostEmail, start }: Living, living: readonly Living[]): boolean {
  const minute = (at: string): number => Number(at.slice(11, 13)) * 60 + Number(at.slice(14, 16));
  return living.some((other) => other.id !== id && other.hostEmail === hostEmail && [0, 60, 1380].includes(Math.abs(minute(other.start) - minute(start))));
}

test('dates of a calendar decide by number, link or host and start, and agree with what really is so', async () => {
  const cutOff = '2024-06-04T00:00:00Z';
  const truth = await story.ask<Record<string, { created: string; affected: boolean }>>(`truth?cutoff=${cutOff}`);
  const living = await story.ask<readonly Living[]>('meetings');
  const sort = (meeting: Living, i: number): number => (i % 3 === 2 && sharesItsHour(meeting, living) ? 0 : i % 3);
  const lines = living.flatMap((each, i) => (truth[each.id] ? [[truth[each.id]?.created, ...[[each.meetingNumber, '', '', ''], ['', each.webLink, '', ''], ['', '', each.hostEmail, each.start]][sort(each, i)]!].join(',')] : []));
  await writeFile(join(story.folder, 'calendar.csv'), ['created,number,link,host,start', ...lines, ''].join('\n'));
  await writeFile(join(story.folder, 'dated.yaml'), 'name: dated\nadvisory: cisco-sa-webex-june-2024\nidentities: [ops-1]\nevidence: { unknown: review, calendar: [{ file: calendar.csv }] }\n');
  await must('plan', 'dated.yaml');
  const { json } = JSON.parse(await must('report', 'dated', '--json')) as { json: string };
  const { rows } = JSON.parse(await readFile(json, 'utf8')) as { rows: readonly { evidence: string; proof: string | null; finding: string; refusal: string | null }[] };
  for (const proof of ['number', 'link', 'host+start']) expect(rows.filter((row) => row.evidence === 'calendar' && row.proof === proof).length).toBeGreaterThan(0);
  expect(rows.filter(({ refusal }) => refusal === 'EvidenceMissing')).toEqual([]);
  const old = rows.filter(({ evidence, finding }) => evidence === 'calendar' && finding !== 'unaffected');
  expect(old).toHaveLength(living.filter(({ id }) => truth[id]?.affected).length);
});

test('a start of a plan that is not what there is now says what has changed, and writes nothing', async () => {
  const { number } = JSON.parse(await must('plan', '--json')) as { number: number };
  const [host] = await story.ask<readonly Person[]>('people');
  await story.tell('meetings', { hostEmail: host?.email, title: 'Planted since the plan', start: '2024-03-04T09:00:00Z', end: '2024-03-04T10:00:00Z', recurrence: 'FREQ=WEEKLY;BYDAY=MO', createdAt: '2024-03-01T00:00:00Z' });
  const refused = await story.relink('start', '--plan', String(number));
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/Since plan \d+: 1 meeting new/);
  expect(refused.err).toMatch(/relink start story --plan \d+/);
  const { diff } = JSON.parse(await must('plan', '--diff', String(number), '--csv', 'plan.csv', '--json')) as { diff: { changes: readonly { change: string }[] } };
  expect(diff.changes.filter(({ change }) => change === 'new')).toHaveLength(1);
  const csv = await readFile(join(story.folder, 'plan.csv'), 'utf8');
  expect(csv.split('\r\n')[0]).toBe('"meeting","state","wave","kind","lane","evidence","reason","departed","startsAt","requests","creations","exposed"');
  expect((await story.relink('start', '--plan', '99')).code).toBe(2);
  expect(await story.writes()).toEqual([]);
});

test('a start beyond the ceiling is refused before anything is started; a workflow that fails on it is told with cause and remedy, and who watches it ends in failure', async () => {
  const file = join(story.folder, 'campaign.yaml');
  const campaign = await readFile(file, 'utf8');
  await writeFile(file, `${campaign}limits: { maxMeetings: 1 }\n`);
  const refused = await story.relink('start', '--yes');
  expect([refused.code, refused.out, refused.err]).toEqual([1, '', expect.stringMatching(/not started: \d+ meetings are more than limits\.maxMeetings allows \(1\)/)]);
  expect((await story.status()).workflowFailure).toBeNull();

  await must('plan'); // takes the file over, as a start that was refused does not
  await story.onTemporal(async ({ workflow }) => {
    const handle = await workflow.start('runCampaign', { workflowId: campaignId('story'), taskQueue: RELINK_QUEUE, args: [{ campaign: 'story', inventory: 'taken' }] });
    await expect(handle.result()).rejects.toThrow('Workflow execution failed');
  });
  const told = /^Ended in failure: InvalidInput: \d+ meetings are more than limits\.maxMeetings allows \(1\); .*, then `relink start story`\.$/m;
  for (let text = ''; !told.test(text); text = await must('status')); // where Temporal is slow, the status is told without it
  let failure: string | null = null;
  while (failure === null) ({ workflowFailure: failure } = await story.status());
  expect(failure).toContain('limits.maxMeetings allows (1)');
  const watched = await story.relink('watch');
  expect([watched.code, watched.err]).toEqual([1, expect.stringContaining('the campaign ended in failure: InvalidInput')]);
  await writeFile(file, campaign);
  expect(await story.writes()).toEqual([]);
});

test('a start carries it out, and the vendor’s own audit finds nothing', async () => {
  const { number } = JSON.parse(await must('plan', '--json')) as { number: number };
  await must('start', '--plan', String(number), '--wait');
  const status = await story.status();
  expect(status).toMatchObject({ phase: 'finished', reconciles: true, exposedStarts: 0, failures: {} });
  expect(status.counts['done']).toBeGreaterThan(20);
  expect(await story.audit()).toEqual(NOTHING_WRONG);
  expect(await must('failures')).toContain('No meeting failed');
});

test('a meeting that is done is shown with its replacement field by field: nothing of it is different unless it was meant or is named as lost', async () => {
  const { json } = JSON.parse(await must('report', '--json')) as { json: string };
  const { rows } = JSON.parse(await readFile(json, 'utf8')) as { rows: readonly { meetingKey: string; state: string }[] };
  const key = rows.find(({ state }) => state === 'done')?.meetingKey ?? '';
  const { fidelity } = JSON.parse(await must('show', key, '--json')) as { fidelity: readonly { field: string; verdict: string; why: string }[] };
  const verdicts = new Map(fidelity.map(({ field, verdict }) => [field, verdict]));
  expect([verdicts.size, verdicts.get('hostKey'), verdicts.get('link'), verdicts.get('title'), verdicts.get('agenda')]).toEqual([fidelity.length, 'lost', 'intended', 'equal', 'equal']);
  expect(await must('show', key)).toMatch(/^link +intended +new: whoever could guess/m);
});

test('one meeting is revealed to whoever asks by its key: with what is needed to plan it anew, without a link and without a passcode', async () => {
  const { json } = JSON.parse(await must('report', '--json')) as { json: string };
  const { rows } = JSON.parse(await readFile(json, 'utf8')) as { rows: readonly { meetingKey: string; state: string }[] };
  const { titles, addresses, links, passcodes } = await story.ask<Record<'titles' | 'addresses' | 'links' | 'passcodes', readonly string[]>>('planted');
  const shown = async (key: string) => [await story.must('show', key, '--reveal'), await story.must('show', key, '--reveal', '--json')] as const;
  for (const { meetingKey } of rows.filter(({ state }) => state === 'done').slice(0, 5)) {
    const [text, data] = await shown(meetingKey);
    const { reveal } = JSON.parse(data) as { reveal: { host: string; content: { title: string } } };
    expect([addresses, titles]).toEqual([expect.arrayContaining([reveal.host]), expect.arrayContaining([reveal.content.title])]);
    for (const words of [reveal.host, reveal.content.title]) expect(text).toContain(words);
    for (const printedText of [text, data]) expect([...links, ...passcodes].filter((secret) => printedText.includes(secret))).toEqual([]);
    expect(await must('show', meetingKey)).not.toContain(reveal.host);
  }
  const refused = rows.find(({ state }) => state === 'refused')?.meetingKey ?? '';
  expect(JSON.parse((await shown(refused))[1])).toMatchObject({ state: 'refused', reveal: { id: expect.any(String), content: null } });
  expect(await must('show', 'story', '--state', 'refused')).toMatch(/reason[^]*SpaceMeeting: it belongs to a space/);
});

test('a rerun by hand writes nothing and mails nobody when nothing is new', async () => {
  const [calls, before] = [await lastCall(), await mails()];
  await must('start', '--yes', '--wait');
  expect(await story.writes(calls)).toEqual([]);
  expect(await mails()).toBe(before);
});

test('a schedule is made, listed, triggered, held and removed, handles five late arrivals and only those, and finds the one replacement that was deleted', async () => {
  await must('schedule', 'create', '--every', '1d', '--json');
  expect((await story.relink('schedule', 'create', '--every', '1d')).code).toBe(1);
  expect(await must('schedule', 'list')).toContain('story');
  const [before, calls] = [await done(), await lastCall()];
  const living = await story.ask<readonly Living[]>('meetings');
  const [host] = await story.ask<readonly Person[]>('people');
  const truth = await story.ask<Record<string, { readonly origin: string }>>('truth');
  const series = living.find(({ id, recurrence }) => truth[id]?.origin === 'api' && recurrence !== null);
  await story.tell(`meetings/${series?.id}/delete`);
  const late = { hostEmail: host?.email, start: '2024-03-04T09:00:00Z', end: '2024-03-04T10:00:00Z', recurrence: 'FREQ=WEEKLY;BYDAY=MO', createdAt: '2024-03-01T00:00:00Z' };
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push((await story.tell<{ id: string }>('meetings', { ...late, title: `Planted late arrival ${n}` })).id);
  await must('schedule', 'trigger');
  await settled(before + 5);
  const touched = new Set((await story.writes(calls)).flatMap(({ meetingId, effect }) => (effect ? meetingId : [])));
  for (const id of ids) expect(touched).toContain(id);
  expect(touched.size).toBe(10);
  expect(await must('status')).toContain('ReplacementGone 1');
  expect(await story.audit()).toEqual(NOTHING_WRONG);
  await must('schedule', 'pause');
  expect(JSON.parse(await must('schedule', 'list', '--json'))).toMatchObject([{ campaign: 'story', paused: true }]);
  await must('schedule', 'resume');
  await must('schedule', 'delete');
  expect(await must('schedule', 'list')).toContain('There is no schedule');
  expect((await story.status()).orders).toMatchObject([...Array(2).fill({ verb: 'start' }), ...['create', 'trigger', 'pause', 'resume', 'delete'].map((what) => ({ verb: `schedule ${what}` }))]);
});

test('a later cut-off is an edit of the advisory, and gives only the difference', async () => {
  const before = await done();
  const advisory = await readFile(join(__dirname, '../../adapters/runtime/advisories/cisco-sa-webex-june-2024.yaml'), 'utf8');
  await writeFile(join(story.folder, 'later.yaml'), advisory.replace(/createdBefore: .*/, 'createdBefore: 2025-06-01T00:00:00Z').replace(/margin: .*/, 'margin: 0s'));
  const campaign = await readFile(join(story.folder, 'campaign.yaml'), 'utf8');
  await writeFile(join(story.folder, 'campaign.yaml'), campaign.replace('cisco-sa-webex-june-2024', './later.yaml'));
  const calls = await lastCall();
  const plan = JSON.parse(await must('plan', '--json')) as { meetings: number };
  expect(plan.meetings).toBeGreaterThan(0);
  await must('start', '--yes', '--wait');
  expect(await done()).toBe(before + plan.meetings);
  // Answers may be lost, so a deletion is counted by its effect.
  const deleted = (await story.writes(calls)).filter(({ method, effect }) => method === 'DELETE' && effect).map(({ meetingId }) => meetingId);
  expect(new Set(deleted).size).toBe(plan.meetings);
  const audit = await (await fetch(`${story.simulators.control}/audit?cutoff=2025-06-01T00:00:00Z`)).json();
  expect(audit).toEqual(NOTHING_WRONG);
});

test('an inventory is exported with every meeting that there is, only reads at the vendor, and a campaign takes it', async () => {
  const calls = await lastCall();
  const { file, meetings } = JSON.parse(await must('inventory', 'export', '--json', '--out', 'today.json')) as { file: string; meetings: number };
  expect(await story.writes(calls)).toEqual([]);
  const { ids, sites } = JSON.parse(await readFile(join(story.folder, file), 'utf8')) as { ids: readonly string[]; sites: readonly string[] };
  expect([ids.length, sites.length > 0]).toEqual([meetings, true]);
  // Meetings in personal rooms are listed by occurrence.
  const ahead = (await story.ask<readonly Living[]>('meetings')).filter(({ start, scheduledType }) => Date.parse(start) > Date.now() && scheduledType !== 'personalRoomMeeting');
  const hosts = new Set(ahead.filter(({ id }) => ids.includes(id)).map(({ hostEmail }) => hostEmail));
  expect(ahead.filter(({ id, hostEmail }) => hosts.has(hostEmail) && !ids.includes(id)).map(({ id }) => id)).toEqual([]);
  await writeFile(join(story.folder, 'next.yaml'), 'name: next\nadvisory: cisco-sa-webex-june-2024\nidentities: [ops-1]\nevidence: { snapshots: [{ file: today.json }] }\n');
  expect((await story.relink('plan', 'next.yaml')).code).toBe(0);
});

describe('nothing that names a person or leads to a meeting', () => {
  /** Titles, addresses, answers, links, passcodes and numbers that the vendor and its users know. */
  async function planted(): Promise<readonly string[]> {
    const { titles, addresses, answers, links, passcodes, numbers } = await story.ask<Record<'titles' | 'addresses' | 'answers' | 'links' | 'passcodes' | 'numbers', readonly string[]>>('planted');
    return [...titles, ...addresses, ...answers, ...links, ...passcodes, ...numbers, story.simulators.webex.token];
  }
  const found = (text: string, words: readonly string[]): readonly string[] => words.filter((word) => text.includes(word));
  const stack = async () => JSON.parse(await readFile(join(story.folder, 'data/stack.json'), 'utf8')) as { temporalAddress: string; namespace: string };

  test('stands in the histories of the campaign, payloads included, and the meetings are found by its name', async () => {
    const words = await planted();
    const { temporalAddress, namespace } = await stack();
    const connection = await Connection.connect({ address: temporalAddress });
    const client = new Client({ connection, namespace });
    const kinds = new Map<string, number>();
    for await (const { type, workflowId, runId } of client.workflow.list({ query: 'RelinkCampaign="story"' })) {
      kinds.set(type, (kinds.get(type) ?? 0) + 1);
      const history = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
      expect(found(decoded(history), words)).toEqual([]);
    }
    await connection.close();
    expect(kinds.get('remediateMeeting')).toBeGreaterThan(20);
    for (const kind of ['runCampaign', 'drainLane', 'sendDigests', 'takeInventory', 'rerunCampaign']) expect(kinds.get(kind)).toBeGreaterThan(0);
  });

  test('stands in any file of the data folder, databases and logs included, nor in a name of one', async () => {
    const words = await planted();
    const files = await readdir(join(story.folder, 'data'), { recursive: true, withFileTypes: true });
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const path = join(file.parentPath ?? file.path, file.name); // its name in Node 20.3
      expect(found(path, words)).toEqual([]);
      if (file.isFile()) expect({ path, found: found(await contentOf(path), words) }).toEqual({ path, found: [] });
    }
  });

  test('was printed by the command line or stands in its reports', async () => {
    const words = await planted();
    const { json, csv } = JSON.parse(await must('report', '--json')) as { json: string; csv: string };
    for (const path of [json, csv]) expect(found(await readFile(path, 'utf8'), words)).toEqual([]);
    expect(found(printed.join('\n'), words)).toEqual([]);
  });
});

/** The database runs and may remove a file between the listing and the reading. */
const contentOf = (path: string): Promise<string> =>
  readFile(path, 'latin1').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    return '';
  });

/** A history with what its payloads hold in the clear. */
const decoded = (json: string): string => json.replaceAll(/"data":\s*"([A-Za-z0-9+/=]+)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());
