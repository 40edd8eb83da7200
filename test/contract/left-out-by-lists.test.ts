import { partsLeftOut } from '../../domain/parts.js';
import { subject } from '../support/webex-answers.js';
import { readMeeting } from '../support/whole-job.js';
import { GraceBench } from './in-grace.js';
import type { Fields } from './simulator-client.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const grace = GraceBench.inThisFile();
const interpreters = [{ languageCode1: 'en', languageCode2: 'nl', email: 'cy@guest.example.org' }];

/** Lists say nothing of interpreters, and three meetings have said the same of themselves: an identity that begins now takes the next one from a list. */
async function begin(): Promise<void> {
  const { url, token } = grace.client.simulators.webex;
  grace.webex = subject(url, { token }).webex;
  await grace.client.control('POST', 'lists', { interpretation: false });
  for (let i = 0; i < 3; i++) await grace.meeting();
}
const snapshotOf = async ({ ref }: Awaited<ReturnType<typeof grace.meeting>>) => (await grace.ledgers.ledger.items.readSnapshot(ref)).snapshot;

test.each<[string, Fields]>([
  ['a single meeting', {}],
  ['a series', { recurrence: 'FREQ=WEEKLY;COUNT=6' }],
])('interpreters of %s that its list left out are found before it is deleted: it begins afresh from what it says itself, and is not held', async (_what, more) => {
  await begin();
  const scene = await grace.meeting({ interpreters, ...more });
  expect((await snapshotOf(scene)).parts).toBeUndefined();

  expect(await scene.retire()).toEqual({ outcome: 'afresh' });
  expect((await grace.ledgers.ledger.items.stepEvents(scene.ref)).at(-1)).toMatchObject({ step: 'follow', state: 'done', note: 'simultaneousInterpretation' });
  expect(await grace.exists({ ...scene.made, id: scene.id })).toBe(true);
  await scene.putBack();
  const again = await scene.copy();
  expect([again.listed, again.parts]).toEqual([undefined, { simultaneousInterpretation: [expect.objectContaining({ email: 'cy@guest.example.org' })] }]);
});

test('from then on the identity takes no meeting from a list', async () => {
  const scene = await grace.meeting({ interpreters });
  expect(await snapshotOf(scene)).not.toHaveProperty('listed');
  expect((await readMeeting(grace.webex, scene.made)).parts).toMatchObject({ simultaneousInterpretation: [{ email: 'cy@guest.example.org' }] });
  expect(await scene.retire()).toEqual({ outcome: 'retired' });
});

describe('what a list left out', () => {
  const copied = { listed: true, named: ['breakoutSessions'] };
  const interpretation = { parts: { simultaneousInterpretation: [] }, named: ['breakoutSessions', 'simultaneousInterpretation'] };
  test.each<[string, Parameters<typeof partsLeftOut>, readonly string[]]>([
    ['is a part that the meeting has and the list did not speak of', [copied, interpretation], ['simultaneousInterpretation']],
    ['is one for which no new meeting can be like it', [copied, { named: ['simultaneousInterpretation'], refusal: 'Interpretation' }], ['simultaneousInterpretation']],
    ['is none of which the list said that it has none: somebody has added it', [copied, { parts: { breakoutSessions: [] }, named: ['breakoutSessions'] }], []],
    ['is none that the meeting names and does not have', [copied, { named: interpretation.named }], []],
    ['is nothing where the meeting was asked itself', [{ named: [] }, interpretation], []],
  ])('%s', (_what, given, left) => expect(partsLeftOut(...given)).toEqual(left));
});
