import { HostLists, moment } from '../../activities/host-lists.js';
import { createRemediation } from '../../activities/remediation.js';
import { createRetirement } from '../../activities/retirement.js';
import type { Obstacle } from '../../domain/meeting.js';
import type { ConferencingVendor, ShownMeeting } from '../../domain/ports.js';
import { LedgerBench, unlimited } from '../support/ledger.js';
import { aSnapshot, anIdentity } from '../support/specs.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const bench = LedgerBench.inThisFile();
const LAG = 60_000;

/** A meeting whose title is now another one than a list showed a while ago. */
async function scene({ listedMs, obstacle }: { readonly listedMs: number; readonly obstacle?: Obstacle }) {
  const { name, refs } = await bench.campaign(1, { edits: { changed: 'hold', deleted: 'follow' } });
  const [ref] = refs as [(typeof refs)[number]];
  const { legacy } = await bench.ledger.items.get(ref);
  const entry: ShownMeeting = { id: legacy.id, number: legacy.number, link: legacy.link, item: 'as it was' };
  const asked: string[] = [];
  const meeting = aSnapshot('any', { identity: legacy });
  const vendor: Partial<ConferencingVendor> = {
    listHost: () => {
      asked.push('list');
      return Promise.resolve([{ ...entry, item: 'as it is' }]);
    },
    readMeeting: (_ref, _window, how) => {
      asked.push(how?.shown === undefined ? 'meeting' : String(how.shown.item));
      return Promise.resolve({ ...meeting, title: how?.shown?.item === 'as it was' ? 'Vorla' : 'Teskum' });
    },
    siteRules: () => Promise.resolve({}),
    obstacle: () => obstacle,
    mayBeManaged: () => false,
    exists: () => Promise.resolve(true),
    removeMeeting: () => {
      asked.push('delete');
      return Promise.resolve({ outcome: 'removed' });
    },
  };
  const port = vendor as ConferencingVendor;
  const lists = new HostLists(port);
  lists.keep(legacy, moment() - listedMs, [entry]);
  const context = { ledger: bench.ledger, vendor: port, lists, identity: 'ops-1', quota: unlimited, listLagMs: LAG };
  const snapshot = () => createRemediation(context).snapshotLegacy(ref);
  const retire = async () => {
    await bench.ledger.items.saveReplacement(ref, anIdentity(`new-${name}`));
    await bench.ledger.items.move(ref, 'replaced', { verifiedAt: new Date().toISOString(), graceEndsAt: new Date().toISOString() });
    await bench.told(ref);
    return createRetirement(context).retireLegacy({ ...ref, released: false });
  };
  return { ref, asked, snapshot, retire };
}

test('a meeting is taken from the list that the inventory has read, and one that was edited since is not deleted', async () => {
  const { asked, snapshot, retire } = await scene({ listedMs: 59 * LAG });
  expect(await snapshot()).toMatchObject({ status: 'ready' });
  expect(asked).toEqual(['as it was']);
  expect(await retire()).toMatchObject({ outcome: 'blocked', blocker: 'LegacyChanged' });
  expect(asked).toEqual(['as it was', 'meeting']);
});

test('a list of more than an hour ago, where lists lag for a minute, is asked for anew', async () => {
  const { asked, snapshot, retire } = await scene({ listedMs: 61 * LAG });
  await snapshot();
  expect(asked).toEqual(['list', 'as it is']);
  expect(await retire()).toEqual({ outcome: 'retired' });
  expect(asked).toEqual(['list', 'as it is', 'meeting', 'delete']);
});

test('a meeting that no new one can be like is refused before anything is written, and its log names the fields that say so', async () => {
  const { ref, snapshot } = await scene({ listedMs: 0, obstacle: { reason: 'TrackingCodes', fields: ['trackingCodes.Region'] } });
  expect(await snapshot()).toEqual({ status: 'refused', reason: 'TrackingCodes' });
  expect((await bench.ledger.items.stepEvents(ref)).map(({ state, note }) => [state, note])).toEqual([['started', null], ['done', 'trackingCodes.Region']]);
  expect((await bench.ledger.items.get(ref)).state).toBe('waiting');
});
