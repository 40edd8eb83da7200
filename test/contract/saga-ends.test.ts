import { createCampaign } from '../../activities/campaign.js';
import type { SagaControl } from '../../activities/orders.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { State } from '../../domain/states.js';
import { LedgerBench, noSagas } from '../support/ledger.js';
import { aFinding } from '../support/specs.js';

let mockAttempt = 1;
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: mockAttempt }) }));

const bench = LedgerBench.inThisFile();

/** What the campaign of the sagas was told, in a list. */
function sagasOf(): SagaControl & { readonly told: string[] } {
  const told: string[] = [];
  return { ...noSagas, told, goOn: async (campaign, begin) => void told.push(`${begin ? 'go on' : 'wake'} ${campaign}`) };
}

describe('how a saga ended', () => {
  const settled = async (from: 'held' | 'replaced', state: State) => {
    const { name, refs } = await bench.campaign(1);
    const [ref] = refs as [ItemRef];
    await bench.replaced(ref);
    await bench.ledger.items.recordStep(ref, { step: 'replace', state: 'done', attempt: 1, trackingId: null, failure: null, note: null });
    if (from === 'held') await bench.ledger.items.move(ref, 'held', { failure: 'LegacyChanged' });
    const sagas = sagasOf();
    const activities = createCampaign({ ledger: bench.ledger, sagas, quotas: new Map(), identities: [] });
    return { name, ref, sagas, settle: () => activities.settle({ ...ref, state }) };
  };

  test.each([['held', 'waiting'], ['held', 'rolled-back'], ['held', 'gone'], ['replaced', 'waiting']] as const)('from %s to %s, for which the campaign may not have waited, makes it look again', async (from, state) => {
    const { name, ref, sagas, settle } = await settled(from, state);
    await settle();
    expect([await bench.stateOf(ref), sagas.told]).toEqual([state, [`go on ${name}`]]);
    mockAttempt = 2; // the first died before it could tell the campaign, or after
    await settle();
    mockAttempt = 1;
    expect(sagas.told).toHaveLength(2);
  });

  test('begins no campaign that is over while a plan has left what nobody has said yes to', async () => {
    const { name, ref, sagas, settle } = await settled('held', 'waiting');
    await bench.find(name, [aFinding(`${name}-late`)]);
    await settle();
    await bench.ledger.campaigns.setOrder(name, 'rollback'); // under which nothing is begun
    await bench.ledger.items.move(ref, 'held');
    await settle();
    expect(sagas.told).toEqual([`wake ${name}`, `go on ${name}`]);
  });

  test('put back from grace, under a stop, begins the campaign again: nobody is there to send the correction', async () => {
    const { name, sagas, settle } = await settled('replaced', 'rolled-back');
    await bench.ledger.campaigns.setOrder(name, 'stop');
    await settle();
    expect(sagas.told).toEqual([`go on ${name}`]);
  });

  test.each(['rolled-back', 'failed', 'held'] as const)('from grace to %s is what the campaign waits for', async (state) => {
    const { sagas, settle } = await settled('replaced', state);
    await settle();
    expect(sagas.told).toEqual([]);
  });
});
