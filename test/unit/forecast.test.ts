import fc from 'fast-check';
import { forecast, REQUESTS_PER_MEETING, turnsOf } from '../../domain/forecast.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-24T00:00:00.000Z');

interface Case {
  readonly hosts: readonly number[];
  readonly identityLimit: number;
  readonly hostLimit: number;
  /** Between two creations, as requests allow. */
  readonly everyMs: number;
}

/** Hosts take turns by what they have left, as meetings do that are taken by their start. */
function inTurn(hosts: readonly number[]): readonly number[] {
  const all = hosts.flatMap((meetings, host) => Array.from({ length: meetings }, (_, i) => ({ host, place: (i + 0.5) / meetings })));
  return all.sort((a, b) => a.place - b.place).map(({ host }) => host);
}

/** The windows as they roll: each creation as soon as fewer than the limit are younger than a day. @returns when the last is made */
function rolled({ hosts, identityLimit, hostLimit, everyMs }: Case): number {
  const queue = [...inTurn(hosts)];
  const made: { readonly at: number; readonly host: number }[] = [];
  const ofHost = hosts.map((): number[] => []);
  const freeAt = (times: readonly number[], limit: number): number => (times.length < limit ? 0 : (times[times.length - limit] ?? 0) + DAY);
  let now = 0;
  while (queue.length > 0) {
    const times = made.map(({ at }) => at);
    const opens = queue.map((host) => Math.max(freeAt(times, identityLimit), freeAt(ofHost[host] ?? [], hostLimit)));
    now = Math.max(now + everyMs, Math.min(...opens));
    const next = opens.findIndex((open) => open <= now);
    const [host = 0] = queue.splice(next, 1);
    made.push({ at: now, host });
    ofHost[host]?.push(now);
  }
  return now;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    hosts: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 3, maxLength: 10 }),
    hostLimit: fc.integer({ min: 5, max: 12 }),
    identityShare: fc.double({ min: 0.35, max: 1.5, noNaN: true }),
    /** How much of a day the creations of a day take. */
    busy: fc.double({ min: 0.02, max: 0.9, noNaN: true }),
  })
  .map(({ hosts, hostLimit, identityShare, busy }) => {
    const identityLimit = Math.max(hostLimit, Math.ceil(hosts.reduce((sum, n) => sum + n, 0) * identityShare));
    return { hosts, hostLimit, identityLimit, everyMs: Math.round((busy * DAY) / identityLimit) };
  });

const foreseen = ({ hosts, identityLimit, hostLimit, everyMs }: Case) => {
  const lanes = [{ identity: 'ops-1', requestsPerMinute: (60_000 / everyMs) * REQUESTS_PER_MEETING, createsLimit: identityLimit, hostLimit, createsUsed: 0, windowMs: DAY, quietUntil: null }];
  const load = hosts.map((meetings, host) => ({ wave: 1, lane: 'ops-1', host: `h${host}`, meetings }));
  const queue = inTurn(hosts).map((host, i) => ({ wave: 1, lane: 'ops-1', host: `h${host}`, meetings: 1, meeting: `m${i}`, startsAt: null }));
  return { whole: Date.parse(forecast(NOW, load, lanes).replacedAt) - NOW, each: Math.max(...turnsOf(NOW, queue, lanes).map((turn) => turn ?? 0)) - NOW };
};

test('what is foreseen is what comes of windows that roll, by the load of hosts and meeting by meeting', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const real = rolled(one);
      const { whole, each } = foreseen(one);
      const off = 0.1 * DAY + 2 * one.everyMs; // what a share of a window may be wrong by
      expect(Math.abs(whole - real)).toBeLessThanOrEqual(off);
      expect(Math.abs(each - real)).toBeLessThanOrEqual(off);
    }),
    { seed: 20_240_528, numRuns: 200 },
  );
});
