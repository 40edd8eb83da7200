import { createRemediation } from '../../activities/remediation.js';
import { createRetirement } from '../../activities/retirement.js';
import type { MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor, Reading } from '../../domain/ports.js';
import { LedgerBench, unlimited } from '../support/ledger.js';
import { aSnapshot, anIdentity, noLists } from '../support/specs.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const bench = LedgerBench.inThisFile();

test('a replacement is verified as one that was just made, an old meeting read anew before it is deleted', async () => {
  const { name, refs } = await bench.campaign(1);
  const [ref] = refs as [(typeof refs)[number]];
  const { legacy } = await bench.ledger.items.get(ref);
  const old: MeetingSnapshot = aSnapshot('any', { identity: legacy });
  const fresh = anIdentity(`new-${name}`, legacy.hostEmail);
  const readings: [string, Reading['made']][] = [];
  const vendor: Partial<ConferencingVendor> = {
    readMeeting: ({ id }, _window, how) => {
      readings.push([id, how?.made]);
      return Promise.resolve(id === legacy.id ? old : { ...old, identity: fresh, password: 'another' });
    },
    intendedOptions: ({ options }) => ({ options, lost: [] }),
    exists: () => Promise.resolve(true),
    removeMeeting: () => Promise.resolve({ outcome: 'removed' }),
  };
  const context = { ledger: bench.ledger, vendor: vendor as ConferencingVendor, lists: noLists(), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
  await bench.ledger.items.saveSnapshot(ref, old, old.occurrences[0]?.start ?? null);
  await bench.ledger.items.move(ref, 'running');
  await bench.ledger.items.saveReplacement(ref, fresh);
  await createRemediation(context).verifyReplacement(ref);
  await bench.told(ref);
  await createRetirement(context).retireLegacy({ ...ref, released: true });
  expect(readings).toEqual([
    [fresh.id, true],
    [legacy.id, undefined],
  ]);
});
