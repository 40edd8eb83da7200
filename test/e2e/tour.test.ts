import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';
import { Tour } from '../support/tour.js';

const campaign = `startGuard: 2m
grace: 5s
notices: { digestEvery: 2s }
limits: { maxConcurrent: 4 }
waves: [1, 10, rest]
approval: { firstWrite: true, waves: true }
stopRules: { unverified: { hold: 3 } }
recheck: 100%
rehearseAbove: 20
`;
const HOUR_MS = 3_600_000;
const BY = '--by "Robin Vael"';

/** A campaign with everything that an operator does to one; `docs/tour.md` is its transcript. */
let story: Rehearsal;
let tour: Tour;
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 60, hosts: 12, seed: 11, faults: 'none', campaign });
  tour = new Tour(story);
});
afterAll(() => story?.stop());

const heldBy = (gate: string) => story.until(({ phase, gates = [] }) => phase === 'awaiting-approval' && gates.some((each) => each.gate === gate));
const force = (settings: Readonly<Record<string, boolean>>) => story.tell('site', { force: settings });

test('a plan is approved before anything is written', async () => {
  tour.chapter('The plan', 'Everything is in two files, `relink.yaml` and `campaign.yaml`. This campaign asks before its first write and before each wave, and waits for a human after three replacements that could not be proved. A plan only reads.');
  await tour.type('init example');
  await tour.type('plan');
  tour.say('More than twenty meetings: `rehearseAbove` wants to see a rehearsal. It plays the plan on a simulated vendor that has its shape: as many meetings of each kind, for as many hosts, under the same limits and rules, with names that are made up.');
  expect(await tour.type('start --yes', 1)).toContain('relink rehearse');
  expect(await tour.type('rehearse')).toContain('No stop rule would fire.');
  await tour.type(`start --yes ${BY}`);
  await heldBy('first-write');
  tour.say('Nothing is made or deleted yet. The status names the command that lets it go on.');
  expect(await tour.type('status')).toContain('first-write');
  expect(await story.writes()).toEqual([]);
  await tour.type(`approve ${BY} --reason "the plan is as discussed"`);
});

test('a stop rule holds the second wave because replacements cannot be proved', async () => {
  await heldBy('wave 2');
  tour.chapter('A wave goes wrong', 'The first wave, one meeting, is well. While the operator looks at it, an administrator of the vendor’s site forces *join before host* on every new meeting: what Relink makes from now on is not what it asked for.');
  await force({ enabledJoinBeforeHost: true });
  await tour.type(`approve ${BY} --reason "wave 1 is well"`);
  const { counts } = await heldBy('rule unverified');
  expect(counts['failed']).toBeGreaterThanOrEqual(3);
  expect(counts['failed']).toBeLessThanOrEqual(3 + 4);
  tour.say('Each such replacement was removed again, and its organiser was never told of it. At the third the campaign stops making new ones.');
  await tour.type('status');
  expect(await tour.type('failures')).toContain('VerificationFailed');
  expect(await story.audit('&settled=no')).toEqual({ ...NOTHING_WRONG, legacyLeft: expect.any(Number) });
});

test('what failed is taken up again once its cause is gone, and in a freeze window nothing happens', async () => {
  await force({});
  tour.chapter('Triage', 'The administrator takes the setting back. An approval with a reason lets the campaign go on, and what failed is taken up again. An order to meetings shows first what it comes to, and asks; here nobody is there to answer, so it wants `--yes`.');
  await tour.type(`approve ${BY} --reason "join before host is no longer forced"`);
  await heldBy('wave 3'); // what was under way has come to its end too
  expect(await tour.type('retry --class VerificationFailed', 2)).toMatch(/Retry takes up again \d meetings[^]*give --yes/);
  await tour.type(`retry --class VerificationFailed --yes ${BY} --reason "the cause is gone"`);
  await story.until(({ counts }) => counts['done'] === 11);
  expect(await tour.type('failures')).toContain('No meeting failed');
  const thaw = await freeze();
  await tour.type(`start --yes ${BY} --reason "the site is worked on tonight"`);
  const before = (await story.writes()).length;
  await tour.type(`approve ${BY} --reason "wave 2 is well"`);
  expect(await tour.type('status')).toMatch(/Window every day .* UTC, until .*: nothing is begun or deleted\./);
  expect(await story.writes()).toHaveLength(before);
  await thaw();
  tour.say('The work was over sooner. The window is taken out of the file again, and the campaign goes on slowly at first.');
  await tour.type(`throttle --requests 600/m --concurrent 1 ${BY} --reason "the helpdesk asks for it"`);
  await tour.type(`start --yes ${BY} --reason "the work was over sooner"`);
  await story.until(({ counts }) => counts['done']! > 11);
  await tour.type(`pause ${BY} --reason "a look at the helpdesk’s queue"`);
  const paused = (await story.status()).counts['done'];
  await tour.type(`resume ${BY}`);
  await tour.type(`throttle --clear ${BY} --reason "the helpdesk has time"`);
  expect(paused).toBeGreaterThan(11);
});

test('it ends with nothing lost, and every decision is in its report', async () => {
  await story.until(({ phase }) => phase === 'finished');
  tour.chapter('The end', 'Every meeting is in one state; who approved what, when and why stays with the campaign.');
  expect(await tour.type('status')).toContain('no longer forced');
  await tour.type('report');
  expect(await story.audit()).toEqual(NOTHING_WRONG);
});

test('a rerun by the clock finds late arrivals and what drifted', async () => {
  tour.chapter('Afterwards', 'People still copy old series, and somebody deletes a replacement. A schedule takes a new inventory each day, handles the difference, and looks again at what was done. Here it is triggered by hand, after five meetings came late and one replacement was deleted.');
  const before = (await story.status()).counts['done'] ?? 0;
  await tour.type(`schedule create --cron "0 6 * * 1-5" --zone Europe/Amsterdam ${BY}`);
  await lateArrivalsAndDrift();
  const plan = await tour.type('plan --diff 1');
  expect(plan).toMatch(/Since plan 1: 5 meetings new/);
  await tour.type(`schedule trigger ${BY}`);
  await story.until(({ phase, counts }) => phase === 'awaiting-approval' || (phase === 'finished' && counts['done'] === before + 5));
  await story.until(({ phase, counts }) => phase === 'finished' && counts['done'] === before + 5);
  expect(await tour.type('status')).toContain('ReplacementGone 1');
  expect(await story.audit()).toEqual(NOTHING_WRONG);
});

test('docs/tour.md shows these commands', async () => {
  const { typed, shown } = await tour.close();
  expect(shown).toEqual(typed);
});

/** A window around now, whatever the hour is. @returns what takes it out of the file again */
async function freeze(): Promise<() => Promise<void>> {
  const file = join(story.folder, 'campaign.yaml');
  const text = await readFile(file, 'utf8');
  const clock = (ms: number): string => new Date(Date.now() + ms).toISOString().slice(11, 16);
  const window = `windows: { writes: [{ hours: ${clock(-HOUR_MS)}-${clock(HOUR_MS)}, zone: UTC, rate: 0 }] }`;
  await writeFile(file, `${text}${window}\n`);
  tour.say(`The vendor’s site is worked on tonight. Until that is over Relink writes nothing at the vendor, whatever is approved meanwhile: a window with rate 0 is a freeze. A line in \`campaign.yaml\` says when, and \`start\` takes the edited file over while the campaign runs.\n\n\`\`\`yaml\n${window}\n\`\`\``);
  return () => writeFile(file, text);
}

interface Living {
  readonly id: string;
  readonly hostEmail: string;
  readonly recurrence: string | null;
}

async function lateArrivalsAndDrift(): Promise<void> {
  const living = await story.ask<readonly Living[]>('meetings');
  const truth = await story.ask<Record<string, { readonly origin: string }>>('truth');
  const replacement = living.find(({ id, recurrence }) => truth[id]?.origin === 'api' && recurrence !== null);
  await story.tell(`meetings/${replacement?.id}/delete`);
  const [host] = await story.ask<readonly { readonly email: string }[]>('people');
  const late = { hostEmail: host?.email, start: '2024-03-04T09:00:00Z', end: '2024-03-04T10:00:00Z', recurrence: 'FREQ=WEEKLY;BYDAY=MO', createdAt: '2024-03-01T00:00:00Z' };
  for (let n = 0; n < 5; n++) await story.tell('meetings', { ...late, title: `Planted late arrival ${n}` });
}
