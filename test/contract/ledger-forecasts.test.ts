import type { RelinkConfig } from '../../adapters/runtime/config/index.js';
import { createCampaign } from '../../activities/campaign.js';
import { readStatus } from '../../client/show/status-figures.js';
import { inMs, LedgerBench, unlimited, noSagas } from '../support/ledger.js';
import { query } from '../support/postgres.js';

jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1 }), heartbeat: () => undefined }));

const bench = LedgerBench.inThisFile();
const HOUR = 3_600_000;
const identities = [{ name: 'ops-1', requestsPerMinute: 60, createsPerDay: { identity: 3000, host: 800, reserve: 6 }, quotaWindowMs: 24 * HOUR }];
const activities = () => createCampaign({ ledger: bench.ledger, sagas: noSagas, quotas: new Map([['ops-1', unlimited]]), identities });
const { now: clock } = Date;
afterEach(() => void (Date.now = clock));

/** All notes of a campaign become older. */
const age = (campaign: string, minutes: number) => query(bench.store.databaseUrl, `update forecast set at = at - interval '${minutes} minutes' where campaign = '${campaign}'`);

test('the end is kept once in a few minutes, and told as it was an hour ago or, when nothing was expected then, before', async () => {
  const { name } = await bench.campaign(1);
  const { forecasts } = bench.ledger;
  const [first, second, third] = [inMs(HOUR), inMs(2 * HOUR), inMs(3 * HOUR)];
  expect(await forecasts.foreseen(name)).toEqual({ planned: null, earlier: null });
  await forecasts.note(name, first);
  await forecasts.note(name, second); // at once: not kept
  expect((await forecasts.foreseen(name)).earlier).toBeNull();
  await age(name, 61);
  expect(await forecasts.foreseen(name)).toMatchObject({ planned: null, earlier: { endsAt: first } });
  await forecasts.note(name, third);
  await age(name, 6);
  expect((await forecasts.foreseen(name)).earlier?.endsAt).toBe(first);
  await age(name, 60);
  expect((await forecasts.foreseen(name)).earlier?.endsAt).toBe(third);
});

test('what was expected before the campaign was started last counts no more', async () => {
  const { name } = await bench.campaign(1);
  const { forecasts } = bench.ledger;
  await forecasts.note(name, inMs(HOUR));
  await forecasts.plan(name, inMs(HOUR));
  await age(name, 90);
  const again = inMs(5 * HOUR);
  await forecasts.plan(name, again);
  expect(await forecasts.foreseen(name)).toEqual({ planned: again, earlier: null });
});

test('a start keeps what its plan foresees, and the board and the status show the same numbers from then on', async () => {
  const { name, refs } = await bench.campaign(3, { waves: [1, 'rest'] });
  await activities().openCampaign({ campaign: name });
  await activities().setPhase({ campaign: name, phase: 'remediating' });
  await bench.replaced(refs[0]!);
  const { spec } = await bench.ledger.campaigns.get(name);
  const now = Date.now();
  Date.now = () => now; // a forecast moves with the clock
  const { figures } = await activities().progress({ campaign: name });
  const { status } = await readStatus(bench.ledger, { identities } as unknown as RelinkConfig, spec);
  const { wave, notices, quota, rate, eta, deadline, foreseen } = status;
  expect(figures).toEqual({ wave, notices, quota, rate, eta, deadline, foreseen });
  expect([eta, foreseen.planned]).toEqual([expect.any(String), expect.any(String)]);
  expect([wave, rate, deadline]).toEqual([{ current: 2, last: 2 }, { replaced: 1, most: [{ identity: 'ops-1', requestsPerMinute: 60 }] }, (await bench.ledger.items.get(refs[1]!)).startsAt]);
});
