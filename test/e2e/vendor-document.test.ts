import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';
import { ValidatingProxy } from '../support/validating-proxy.js';

let proxy: ValidatingProxy | undefined;
let story: Rehearsal;
/** Webinars as they were before the campaign, of a host who lost the licence for them. */
let unlicensed: readonly Meeting[] = [];
beforeAll(async () => {
  const through = async (vendor: string): Promise<string> => {
    proxy = await ValidatingProxy.before(vendor);
    return proxy.url;
  };
  story = await Rehearsal.start({ meetings: 90, hosts: 10, seed: 3, kinds: 'all', supports: ['departed'], faults: 'ordinary', through, campaign: 'policy: { connectors: probe }\nstartGuard: 2m\ngrace: 5s\nnotices: { digestEvery: 2s }\nwaves: [rest]\nstopRules: { failures: { hold: never } }\n' });
  unlicensed = await withoutLicence();
});
afterAll(async () => {
  await story?.stop();
  await proxy?.stop();
});

interface Meeting {
  readonly id: string;
  readonly hostEmail: string;
  readonly scheduledType: string;
}

/** Takes the licence from the host of a webinar that the flaw reaches. */
async function withoutLicence(): Promise<readonly Meeting[]> {
  const truth = await story.ask<Readonly<Record<string, { readonly affected: boolean }>>>('truth');
  const webinars = (await story.ask<readonly Meeting[]>('meetings')).filter(({ id, scheduledType }) => scheduledType === 'webinar' && truth[id]?.affected === true);
  const host = webinars[0]?.hostEmail ?? '';
  await story.tell(`people/${host}/licence`, { webinars: false });
  return webinars.filter(({ hostEmail }) => hostEmail === host);
}

/** Names who gets what hosts who left had planned. */
async function giveTo(heir: string): Promise<void> {
  const file = join(story.folder, 'campaign.yaml');
  const rest = (await readFile(file, 'utf8')).split('\n').filter((line) => !line.startsWith('departed:'));
  await writeFile(file, `${rest.join('\n').trimEnd()}\ndeparted: { to: ${heir} }\n`);
}

test('what hosts who left had planned is refused by name until the campaign names somebody who is there', async () => {
  const { refusals } = JSON.parse(await story.must('plan', 'campaign.yaml', '--json')) as { refusals: readonly { reason: string; meetings: number; explanation: string }[] };
  expect(refusals.find(({ reason }) => reason === 'HostLeft')).toMatchObject({ meetings: 4, explanation: expect.stringContaining('departed.to') as unknown });
  await giveTo('nobody@example.org');
  const { code, err } = await story.relink('plan', 'campaign.yaml');
  expect([code, err]).toEqual([2, expect.stringContaining('`departed` in the campaign file names a new host who is not among the accounts that may host') as unknown]);
  expect(err).not.toContain('nobody@');
  const heir = (await story.ask<readonly { readonly email: string }[]>('people')).find(({ email }) => email !== unlicensed[0]?.hostEmail);
  await giveTo(heir?.email ?? '');
  expect(JSON.parse(await story.must('plan', 'campaign.yaml', '--json'))).toMatchObject({ departed: { meetings: 4 }, pointOfNoReturn: { steps: ['reassign host', 'retire', 'verify retired'] } });
});

/** Asked for in every campaign; which kinds of meetings there are, and so what else is asked for, depends on the day. */
const used = ['adminReadMeeting', 'reassignHost', 'addInvitees', 'createMeeting', 'deleteMeeting', 'listInvitees', 'listMeetings', 'listPeople', 'patchMeeting', 'listSessionTypes', 'readMeeting'];

test('over a whole campaign no request and no answer is other than the vendor’s official document says', async () => {
  expect((await story.relink('start', '--yes', '--wait')).code).toBe(1); // somebody must see to what failed
  const { counts } = await story.until(({ phase }) => phase === 'finished');
  expect(counts).toMatchObject({ failed: unlicensed.length, held: 0, waiting: 0 });
  expect(counts['done']).toBeGreaterThan(20);
  expect(await story.audit(`&exclude=${unlicensed.map(({ id }) => id).join(',')}`)).toEqual(NOTHING_WRONG);
  expect(proxy?.violations).toEqual([]);
  expect([...(proxy?.seen.keys() ?? [])]).toEqual(expect.arrayContaining(used));
});

test('what hosts who left had planned is replaced, and belongs to somebody who is there', async () => {
  const truth = await story.ask<Readonly<Record<string, { readonly departed: boolean; readonly standsFor?: string }>>>('truth');
  expect(Object.values(truth).filter(({ departed }) => departed)).toEqual([]);
  const { rows } = JSON.parse(await readFile((JSON.parse(await story.must('report', '--json')) as { json: string }).json, 'utf8')) as { rows: readonly { departed: boolean; state: string; steps: readonly { step: string; state: string }[] }[] };
  const given = rows.filter(({ departed }) => departed);
  expect(given.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  for (const { steps } of given) expect(steps.filter(({ step, state }) => step === 'reassign host' && state === 'done')).toHaveLength(1);
});

test('a webinar whose host lost the licence for it fails by that name, and is as it was', async () => {
  expect(unlicensed.length).toBeGreaterThan(0);
  const groups = JSON.parse(await story.must('failures', '--json')) as readonly { failure: string; failed: number; held: number }[];
  expect(groups.map(({ failure, failed, held }) => [failure, failed, held])).toEqual([['NotLicensed', unlicensed.length, 0]]);
  const after = await story.ask<readonly Meeting[]>('meetings');
  for (const webinar of unlicensed) expect(after.find(({ id }) => id === webinar.id)).toEqual(webinar);
  expect(after.filter(({ hostEmail, scheduledType }) => hostEmail === unlicensed[0]?.hostEmail && scheduledType === 'webinar')).toHaveLength(unlicensed.length);
});
