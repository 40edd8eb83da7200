import { createDeparted } from '../../activities/departed.js';
import { HostLists } from '../../activities/host-lists.js';
import { createInventory } from '../../activities/inventory.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { aName, LedgerBench, unlimited } from '../support/ledger.js';
import { aSpec } from '../support/specs.js';
import { takeInventory } from '../support/take-inventory.js';
import { subject } from '../support/webex-answers.js';
import { hostsOf, legacy, start, stopAll, type Client } from './simulator-client.js';

jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, workflowExecution: { runId: 'r' }, activityId: 'a' }), heartbeat: () => undefined, Context: { current: () => ({ info: {} }) } }));

const bench = LedgerBench.inThisFile();
const YEAR = 365 * 86_400_000;
let client: Client;
let [host, heir] = ['', ''];
/** Whom lists of people do not show, because their pages moved while they were read, or show so that nobody can tell who they are. */
let [missed, broken] = ['', ''];
beforeEach(async () => {
  [missed, broken] = ['', ''];
  client = await start({ rpm: 10 ** 6 });
  [host = '', heir = ''] = await hostsOf(client);
});
afterEach(stopAll);

/** A campaign that gives meetings of leavers to somebody else. */
function campaignOf() {
  const name = aName();
  const { webex } = subject(client.simulators.webex.url, { token: client.simulators.webex.token });
  const listHosts: ConferencingVendor['listHosts'] = async (page) => {
    const { hosts, ...rest } = await webex.listHosts(page);
    return { ...rest, hosts: hosts.filter(({ email }) => email !== missed && email !== broken), unreadable: broken === '' ? [] : [{ id: 'p1', fields: ['emails'] }] };
  };
  const vendor = { ...webex, listHosts };
  const context = { ledger: bench.ledger, vendor, lists: new HostLists(vendor), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
  const activities = { ...createInventory(context), ...createDeparted(context) };
  let runs = 0;
  return {
    name,
    activities,
    async inventory() {
      const { scope } = aSpec(name);
      await bench.ledger.campaigns.save(aSpec(name, { scope: { ...scope, horizonMs: YEAR }, startGuardMs: 60_000, departed: { find: true, to: heir } }));
      return takeInventory(bench.ledger, activities, { campaign: name, run: `run-${++runs}` });
    },
  };
}

test('people whose entries cannot be read are not lost: each stands for what they may have, and the inventory is no evidence', async () => {
  await legacy(client, host);
  broken = host;
  const campaign = campaignOf();
  expect((await campaign.inventory()).map(({ state, failure, note }) => [state, failure, note])).toEqual([['failed', 'VendorRefused', 'emails']]);
  expect(await bench.ledger.inventory.existing({ campaign: campaign.name, token: 'run-1', vendor: 'webex' })).toMatchObject({ ids: [], incompleteHosts: 1 });
  broken = '';
  expect(await campaign.inventory()).toMatchObject([{ kind: 'single', state: 'waiting' }]);
});

test('a meeting is not given away when its host is still there: lists have missed them, and the next one has them again', async () => {
  const { id } = await legacy(client, host);
  const campaign = campaignOf();
  await campaign.inventory();
  missed = host;
  expect(await campaign.inventory()).toMatchObject([{ kind: 'single', state: 'waiting', departed: true }]);
  const [first] = (await bench.claim(campaign.name, 'c1', 5)).meetings;
  const ref = { campaign: campaign.name, meeting: first?.meeting ?? '' };
  expect(await campaign.activities.reassignHost(ref)).toEqual({ status: 'refused', reason: 'HostLeft' });
  const calls = await client.control<{ path: string }[]>('GET', 'calls?since=0');
  expect([calls.filter(({ path }) => path.includes('reassignHost')), (await client.get(`/admin/meetings/${id}`)).body['hostEmail']]).toEqual([[], host]);
  await bench.ledger.items.move(ref, 'refused', { reason: 'HostLeft' });
  missed = '';
  expect(await campaign.inventory()).toMatchObject([{ kind: 'single', state: 'waiting', departed: false }]);
});
