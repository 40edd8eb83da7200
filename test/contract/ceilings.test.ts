import { createCampaign } from '../../activities/campaign.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { Judgement } from '../../domain/judge.js';
import { LedgerBench, noSagas, unlimited } from '../support/ledger.js';
import { aFinding, aSpec } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const activities = () => createCampaign({ ledger: bench.ledger, sagas: noSagas, quotas: new Map([['ops-1', unlimited]]), identities: [] });
const unaffected = (reason: Judgement['reason']): Judgement => ({ verdict: 'unaffected', evidence: 'none', proof: null, reason });

/** Four meetings are affected, five are not, and of three nothing is left. */
async function opened(limits: Partial<CampaignSpec['limits']>): Promise<boolean> {
  const { name } = await bench.campaign(4, { limits: { ...aSpec('any').limits, ...limits } });
  await bench.find(name, [
    ...Array.from({ length: 5 }, (_, i) => aFinding(`${name}-new-${i}`, { judgement: unaffected('CreatedAfter') })),
    ...Array.from({ length: 3 }, (_, i) => aFinding(`${name}-over-${i}`, { judgement: unaffected('NothingLeft') })),
  ]);
  const opening = activities().openCampaign({ campaign: name });
  try {
    await opening;
  } finally {
    expect((await bench.ledger.campaigns.get(name)).startedAt === null).toBe(await opening.then(() => false, () => true));
  }
  return true;
}

test.each<[string, Partial<CampaignSpec['limits']>, string]>([
  ['number', { maxMeetings: 3 }, '4 meetings are more than limits.maxMeetings allows (3); see whether the scope is right, then raise it'],
  ['share', { maxShare: '44%' }, '4 of the 9 meetings found that are not over (45%) are more than limits.maxShare allows (44%); see whether the scope is right, then raise it'],
])('a campaign over its ceiling by %s is not begun', async (_, limits, message) => {
  await expect(opened(limits)).rejects.toMatchObject({ type: 'InvalidInput', message });
});

test.each<[Partial<CampaignSpec['limits']>]>([[{}], [{ maxMeetings: 4 }], [{ maxShare: '45%' }], [{ maxShare: '100%' }]])('a campaign within %j is begun', async (limits) => {
  expect(await opened(limits)).toBe(true);
});
