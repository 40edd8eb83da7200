import { createVendor } from '../../adapters/vendors/index.js';
import type { RelinkFailure } from '../../domain/failures.js';
import { startSimulators } from '../../simulators/start-simulators.js';
import { createPacer } from '../../worker/pacer.js';
import { LedgerBench } from '../support/ledger.js';

const bench = LedgerBench.inThisFile();
/** A minute of the vendor lasts two seconds. */
const SCALE = 30;
const MINUTE_MS = 60_000 / SCALE;
/** In each such minute. */
const CONFIGURED = 80;
const ALLOWED = CONFIGURED / 2;
const CALLERS = 4;

/** The requests of one identity, one line for each silence that it was asked for. */
async function work(identity: string, url: string, token: string, answers: number) {
  const seen = { answered: 0, silences: [] as number[] };
  const pacer = createPacer(bench.ledger.pace, { identity, requestsPerMinute: CONFIGURED * SCALE, minuteMs: MINUTE_MS });
  let quietUntil = 0;
  const told = (ms: number, agoMs: number) => {
    if (performance.now() > quietUntil) seen.silences.push(seen.answered);
    quietUntil = Math.max(quietUntil, performance.now() + ms);
    return pacer.quietFor(ms, agoMs);
  };
  const webex = createVendor('webex', { baseUrl: url, token: async () => token, pacer: { ...pacer, quietFor: told }, timeoutMs: 30_000 });
  const caller = async () => {
    while (seen.answered < answers) {
      const failure = await webex.verify().then(() => undefined, (cause: unknown) => cause as RelinkFailure);
      if (failure === undefined) seen.answered++;
      else if (failure.type !== 'RateLimited') throw failure;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return seen;
}

test('a vendor that allows half of what is configured is soon asked for no more, and rarely refuses then', async () => {
  const simulators = await startSimulators({ meetings: 1, hosts: 1, scale: SCALE, rpm: ALLOWED });
  try {
    const { silences } = await work('learning', simulators.webex.url, simulators.webex.token, 360);
    const late = silences.filter((answered) => answered >= 120); // three minutes' worth
    expect(silences.length).toBeGreaterThan(late.length);
    expect(late.length).toBeLessThanOrEqual(4); // seven, one a minute, where nothing is learned
    const { name } = await bench.campaign(1, { identities: ['learning'] });
    const [quota] = (await bench.ledger.plans.status(name, 86_400_000)).quota;
    const share = quota!.learned!.perMinute / SCALE / CONFIGURED;
    expect([share > 0.25, share < 0.75]).toEqual([true, true]);
  } finally {
    await simulators.stop();
  }
}, 120_000);
