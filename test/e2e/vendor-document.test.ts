import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';
import { ValidatingProxy } from '../support/validating-proxy.js';

let proxy: ValidatingProxy | undefined;
let story: Rehearsal;
beforeAll(async () => {
  const through = async (vendor: string): Promise<string> => {
    proxy = await ValidatingProxy.before(vendor);
    return proxy.url;
  };
  story = await Rehearsal.start({ meetings: 90, hosts: 10, seed: 3, kinds: 'all', faults: 'ordinary', through, campaign: 'startGuard: 2m\ngrace: 5s\nnotices: { digestEvery: 2s }\nwaves: [rest]\n' });
}, 120_000);
afterAll(async () => {
  await story?.stop();
  await proxy?.stop();
}, 60_000);

/** Asked for in every campaign; which kinds of meetings there are, and so what else is asked for, depends on the day. */
const used = ['addInvitees', 'createMeeting', 'deleteMeeting', 'listInvitees', 'listMeetings', 'listPeople', 'patchMeeting', 'readMeeting'];

test('over a whole campaign no request and no answer is other than the vendor’s official document says', async () => {
  await story.must('start', '--yes', '--wait');
  const { counts } = await story.until(({ phase }) => phase === 'finished');
  expect(counts).toMatchObject({ failed: 0, held: 0, waiting: 0 });
  expect(counts['done']).toBeGreaterThan(20);
  expect(await story.audit()).toEqual(NOTHING_WRONG);
  expect(proxy?.violations).toEqual([]);
  expect([...(proxy?.seen.keys() ?? [])]).toEqual(expect.arrayContaining(used));
}, 300_000);
