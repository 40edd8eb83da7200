import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

/** A campaign whose app is revoked at the vendor while it works, and authorised anew. Refresh tokens serve once only. */
let story: Rehearsal;
beforeAll(async () => {
  story = await Rehearsal.start({ meetings: 40, hosts: 8, seed: 5, oauth: true, rotateRefresh: true, campaign: 'startGuard: 2m\ngrace: 3s\nnotices: { digestEvery: 2s }\nwaves: [1, rest]\napproval: { waves: true }\n' });
});
afterAll(() => story?.stop());

interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy: string;
}
const doctor = async (): Promise<Check | undefined> => (JSON.parse((await story.relink('doctor', '--json')).out) as readonly Check[]).find(({ check }) => check === 'credentials of ops-1');
const problemOf = ({ credentials }: Awaited<ReturnType<Rehearsal['status']>>): string | null | undefined => credentials?.[0]?.problem;

test('a revoked app holds the lane, undoes nothing, says what to do, and goes on by itself with the new token', async () => {
  await story.must('plan');
  expect(await doctor()).toMatchObject({ ok: true, detail: expect.stringContaining('refresh token until') as string });
  await story.must('start', '--yes');
  await story.until(({ phase }) => phase === 'awaiting-approval'); // so that work is left, however late this is seen
  await story.tell('tokens/revoke', { what: 'all' });
  await story.must('approve', '--by', 'Robin Vael', '--reason', 'wave one is right');
  const remedy = `authorise the app anew at the vendor, then write the new refresh token to ${join(story.folder, 'refresh')}; work goes on by itself`;
  const held = await story.until((status) => problemOf(status) !== null);
  expect(problemOf(held)).toBe(`RefreshRefused: the vendor refuses the refresh token: revoked, too old, or not one of this app; ${remedy}`);
  expect(await doctor()).toMatchObject({ ok: false, detail: expect.stringContaining('RefreshRefused') as string, remedy });
  expect(await story.must('status')).toContain('ops-1: RefreshRefused');

  const { refreshToken } = await story.tell<{ refreshToken: string }>('tokens/issue', {});
  await writeFile(join(story.folder, 'refresh'), refreshToken);
  const status = await story.until(({ phase }) => phase === 'finished');
  expect(status).toMatchObject({ reconciles: true, failures: {} });
  expect(problemOf(status)).toBeNull();
  expect(await story.audit()).toEqual(NOTHING_WRONG);
});
