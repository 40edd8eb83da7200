import { rehearseQuota, type QuotaUse } from '../support/quota-use.js';

/** `npm run prove:quota`: the vendor's own limits, and ten thousand meetings. Takes an hour and a half. */
const FULL = process.env['RELINK_QUOTA'] === 'full';
/** Of a day that lasts a minute and a half a few seconds are hundredths, which a busy machine takes to notice that a creation came free, and as many more to start and to poll. */
const LEAST_USE = FULL ? 0.97 : 0.94;
const FORECAST_OFF = FULL ? 0.1 : 0.2;
/** With all of the vendor's rate a day that lasts eighteen minutes begins with a rush that no two cores keep up with, and the plan counts on it. So each identity has a rate at which it uses up its creations in nine tenths of a day. */
const paced = { one: 2_700, ofThree: 1_150 };
const campaign = 'startGuard: 1m\ngrace: 1s\nnotices: { digestEvery: 10s }\nlimits: { maxConcurrent: 50 }\nwaves: [rest]\n';

function mustBeGood({ created, requestsEach, overspent, use, foreseenDays, realDays }: QuotaUse, least: number): void {
  if (FULL) process.stderr.write(`${JSON.stringify({ created, requestsEach, overspent, use, foreseenDays, realDays })}\n`);
  expect(created).toBeGreaterThan(least);
  expect(overspent).toBe(0);
  expect(use).toBeGreaterThanOrEqual(LEAST_USE);
  expect(realDays).toBeGreaterThan(1);
  expect(Math.abs(foreseenDays / realDays - 1)).toBeLessThan(FORECAST_OFF);
}

test('over simulated days a campaign uses what hosts and identity are allowed, never more, and ends when the plan said', async () => {
  const size = FULL ? { meetings: 8_000, hosts: 100, scale: 80, requestsPerMinute: paced.one, creates: { identity: 3_000, host: 100, reserve: 6 } } : { meetings: 240, hosts: 12, scale: 960, creates: { identity: 70, host: 14, reserve: 6 } };
  mustBeGood(await rehearseQuota({ ...size, seed: 5, faults: 'none', campaign }), FULL ? 5_000 : 140);
}, FULL ? 10_800_000 : 900_000);

if (FULL) {
  test('ten thousand meetings over three identities end when the plan said', async () => {
    mustBeGood(await rehearseQuota({ meetings: 15_800, hosts: 1_200, scale: 80, identities: 3, requestsPerMinute: paced.ofThree, creates: { identity: 1_200, host: 800, reserve: 6 }, seed: 6, faults: 'none', campaign }), 9_000);
  }, 10_800_000);
}
