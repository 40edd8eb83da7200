import fc from 'fast-check';
import pc from 'picocolors';
import type { CampaignSpec } from '../../domain/campaign.js';
import { exposedIn } from '../../domain/exposure.js';
import { REQUESTS_PER_MEETING, byIdentities, forecast, turnsOf, type LanePace, type QueuedMeeting } from '../../domain/forecast.js';
import { planOf, type PlanFacts } from '../../client/show/plan-figures.js';
import { weekdays, type WeeklyWindow } from '../../domain/windows.js';
import { planText } from '../../client/show/plan.js';

const plain = pc.createColors(false);
const NOW = Date.parse('2026-11-24T00:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (ms: number): string => new Date(NOW + ms).toISOString();

const lane = (given: Partial<LanePace> = {}): LanePace => ({ identity: 'ops-1', requestsPerMinute: 10 * REQUESTS_PER_MEETING, createsLimit: 1000, createsUsed: 0, windowMs: 24 * HOUR, quietUntil: null, ...given });

const spec = {
  name: 'spring-clean',
  advisory: { vendor: 'webex', id: 'example', title: 'Example', createdBefore: '2024-05-28T00:00:00.000Z', marginMs: 24 * HOUR, marginReason: 'roll-out', sources: [] },
  identities: ['ops-1'],
  startGuardMs: 30 * MINUTE,
  graceMs: 24 * HOUR,
  notices: { language: 'en', urgentWithinMs: 48 * HOUR, digestEveryMs: HOUR },
  limits: { maxMeetings: 100, maxConcurrent: 20 },
  waves: [1, 'rest'],
} as unknown as CampaignSpec;

function facts(given: Partial<PlanFacts> = {}): PlanFacts {
  return {
    number: 3,
    waves: [
      { wave: 1, meetings: 1, soonest: at(2 * HOUR), hosts: 1 },
      { wave: 2, meetings: 30, soonest: at(72 * HOUR), hosts: 4 },
    ],
    findings: [
      { state: 'waiting', evidence: 'series-start', reason: null, count: 31 },
      { state: 'refused', evidence: 'snapshot', reason: 'Webinar', count: 2 },
      { state: 'refused', evidence: 'series-start', reason: 'Webinar', count: 1 },
      { state: 'unaffected', evidence: 'snapshot', reason: 'CreatedAfter', count: 5 },
      { state: 'excluded', evidence: 'none', reason: 'HostOutOfScope', count: 4 },
    ],
    organisers: 5,
    exemptions: [],
    rehearsal: { standing: 'not rehearsed', last: null, asked: false },
    outlook: forecast(NOW, [{ wave: 1, lane: 'ops-1', meetings: 1 }, { wave: 2, lane: 'ops-1', meetings: 30 }], [lane()]),
    ...given,
  };
}

test('waves come one after the other, at the requests that a meeting costs', () => {
  const { waves, requests, limitedBy, replacedAt } = facts().outlook;
  expect(requests).toBe(31 * REQUESTS_PER_MEETING);
  expect(limitedBy).toBe('requests');
  expect(waves).toEqual([
    { wave: 1, beginsAt: at(0), replacedAt: at(6_000) },
    { wave: 2, beginsAt: at(6_000), replacedAt: at(186_000) },
  ]);
  expect(replacedAt).toBe(at(186_000));
});

test('lanes work side by side, so the slowest one decides', () => {
  const load = [{ wave: 1, lane: 'ops-1', meetings: 10 }, { wave: 1, lane: 'ops-2', meetings: 30 }];
  expect(forecast(NOW, load, [lane(), lane({ identity: 'ops-2' })]).replacedAt).toBe(at(3 * MINUTE));
});

test('the quota of creations decides when it is the narrower one, used creations counted', () => {
  const load = [{ wave: 1, lane: 'ops-1', meetings: 25 }];
  const outlook = forecast(NOW, load, [lane({ createsLimit: 10, createsUsed: 6 })]);
  expect(outlook.limitedBy).toBe('creations');
  // Six used, so four fit into this day, ten into each of the next two, and one into the last.
  expect(outlook.replacedAt).toBe(at(3 * 24 * HOUR + 6_000));
  expect(forecast(NOW, [{ wave: 1, lane: 'ops-1', meetings: 4 }], [lane({ createsLimit: 10, createsUsed: 6 })]).limitedBy).toBe('requests');
});

test('a host with more meetings than a day allows it takes longer than all the others together', () => {
  const load = [{ wave: 1, lane: 'ops-1', host: 'a', meetings: 25 }, { wave: 1, lane: 'ops-1', host: 'b', meetings: 3 }];
  expect(forecast(NOW, load, [lane({ createsLimit: 100, hostLimit: 10 })])).toMatchObject({ limitedBy: 'creations', replacedAt: at(2 * 24 * HOUR + (5 / 10) * 11.2 * 6_000) }); // they come free as they came: ten of `a` and a share of `b`
  expect(forecast(NOW, load, [lane({ createsLimit: 100 })])).toMatchObject({ limitedBy: 'requests', replacedAt: at(28 * 6_000) });
});

test('a later wave finds the day used up by the earlier one', () => {
  const load = [{ wave: 1, lane: 'ops-1', meetings: 10 }, { wave: 2, lane: 'ops-1', meetings: 1 }];
  expect(forecast(NOW, load, [lane({ createsLimit: 10 })]).waves.map(({ replacedAt }) => replacedAt)).toEqual([at(MINUTE), at(24 * HOUR + 6_000)]);
});

test('whatever the load, no window is overspent and no meeting forgotten', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ wave: fc.integer({ min: 1, max: 3 }), lane: fc.constant('ops-1'), host: fc.constantFrom('a', 'b', 'c'), meetings: fc.integer({ min: 0, max: 60 }) }), { maxLength: 9 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (load, createsLimit, hostLimit) => {
      const { replacedAt } = forecast(NOW, load, [lane({ createsLimit, hostLimit, requestsPerMinute: 1_000_000 })]);
      const days = Math.floor((Date.parse(replacedAt) - NOW) / (24 * HOUR)) + 1;
      const all = load.reduce((sum, { meetings }) => sum + meetings, 0);
      const most = Math.max(0, ...['a', 'b', 'c'].map((host) => load.filter((line) => line.host === host).reduce((sum, { meetings }) => sum + meetings, 0)));
      expect(days).toBeGreaterThanOrEqual(Math.max(Math.ceil(all / createsLimit), Math.ceil(most / hostLimit)));
      expect(days).toBeLessThanOrEqual(1 + Math.ceil(all / createsLimit) + load.reduce((sum, { meetings }) => sum + Math.ceil(meetings / hostLimit), 0));
    }),
  );
});

test('an identity that was asked to be quiet begins after that', () => {
  expect(forecast(NOW, [{ wave: 1, lane: 'ops-1', meetings: 10 }], [lane({ quietUntil: at(HOUR) })]).replacedAt).toBe(at(HOUR + MINUTE));
});

const nights: WeeklyWindow = { days: weekdays, from: 20 * 60, to: 6 * 60, zone: 'UTC' };

test('hours in which nothing is begun are counted, and work goes by the rate of those in which it is', () => {
  const noon = NOW + 12 * HOUR;
  const load = [{ wave: 1, lane: 'ops-1', meetings: 10 }, { wave: 2, lane: 'ops-1', meetings: 10 * 60 * 10 + 10 }];
  const outlook = forecast(noon, load, [lane({ createsLimit: 100_000 })], [nights]);
  expect(outlook.waves).toEqual([
    { wave: 1, beginsAt: at(20 * HOUR), replacedAt: at(20 * HOUR + MINUTE) },
    { wave: 2, beginsAt: at(20 * HOUR + MINUTE), replacedAt: at(44 * HOUR + 2 * MINUTE) },
  ]);
  expect(outlook).toMatchObject({ closedMs: 22 * HOUR, limitedBy: 'requests' });
  const slow = [{ ...nights, rate: REQUESTS_PER_MEETING }];
  expect(forecast(noon, load.slice(0, 1), [lane()], slow).replacedAt).toBe(at(20 * HOUR + 10 * MINUTE));
  expect(forecast(noon, load.slice(0, 1), [lane()], []).closedMs).toBe(0);
});

test('a day of the quota that passes while nothing is begun is lost', () => {
  const load = [{ wave: 1, lane: 'ops-1', meetings: 25 }];
  const freeze: WeeklyWindow = { days: ['wed'], from: 0, to: 1440, zone: 'UTC', rate: 0 }; // the second day
  expect(forecast(NOW, load, [lane({ createsLimit: 10 })], [freeze])).toMatchObject({ replacedAt: at(3 * 24 * HOUR + 30_000), limitedBy: 'creations', closedMs: 24 * HOUR });
});

const queued = (meeting: string, given: Partial<QueuedMeeting> = {}): QueuedMeeting => ({ meeting, wave: 1, lane: 'ops-1', host: meeting.slice(0, 1), meetings: 1, startsAt: null, ...given });

describe('meeting by meeting', () => {
  const turns = (queue: readonly QueuedMeeting[], given: Partial<LanePace> = {}, hours: readonly WeeklyWindow[] = []) => turnsOf(NOW, queue, [lane(given)], hours).map((turn) => turn && turn - NOW);

  test('a lane takes them in their order, passes over hosts that are full, and comes back to them when their day is over', () => {
    expect(turns(['a1', 'a2', 'a3', 'b1'].map((meeting) => queued(meeting)), { hostLimit: 2 })).toEqual([6_000, 12_000, 24 * HOUR + 6_000, 18_000]);
  });

  test('what is used of the day counts, waves come one after the other, and another lane is another matter', () => {
    expect(turns([queued('a1'), queued('b1'), queued('c1', { wave: 2 }), queued('d1', { lane: 'ops-9' })], { createsLimit: 10, createsUsed: 9 })).toEqual([6_000, 24 * HOUR + 6_000, 24 * HOUR + 12_000, null]);
  });

  test('those that are left alone come when they may be taken, and nobody’s turn comes while windows are closed', () => {
    expect(turns([queued('a1', { from: at(HOUR) }), queued('b1')])).toEqual([HOUR + 6_000, 6_000]);
    const noon: WeeklyWindow = { days: weekdays, from: 0, to: 1, zone: 'UTC' }; // ten fit into its minute
    expect(turns(Array.from({ length: 12 }, (_, i) => queued(`${i}`)), {}, [noon]).slice(8)).toEqual([54_000, MINUTE, 24 * HOUR + 6_000, 24 * HOUR + 12_000]);
  });

  test('the last turn is the end that the forecast of all says, whatever the load, where no host is full', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ wave: fc.integer({ min: 1, max: 3 }), host: fc.constantFrom('a', 'b', 'c') }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 20 }), fc.boolean(), (lines, createsLimit, atNight) => {
        const queue = lines.map((line, i) => queued(`${i}`, line));
        const hours = atNight ? [nights] : [];
        const last = Math.max(...turnsOf(NOW, queue, [lane({ createsLimit })], hours).map((turn) => turn ?? 0));
        expect(new Date(Math.round(last)).toISOString()).toBe(forecast(NOW, queue, [lane({ createsLimit })], hours).replacedAt);
      }),
    );
  });
});

describe('a meeting is foreseen to start on its old link', () => {
  const exposed = (queue: readonly QueuedMeeting[], given: Partial<CampaignSpec> = {}) => exposedIn(queue, [lane()], { ...spec, ...given }, NOW).map(({ meeting }) => meeting);
  const starting = (meeting: string, inMs: number) => queued(meeting, { startsAt: at(inMs) });
  const GUARD = 30 * MINUTE;

  test('when its turn comes later than the guard before its next start, and not when that has begun already or there is none', () => {
    expect(exposed([starting('begun', 0), starting('soon', GUARD + 11_999), starting('late', GUARD + 18_000), queued('never'), starting('missed', GUARD + 29_000)])).toEqual(['soon', 'missed']);
  });

  test('when nobody may be mailed, or nothing deleted, between its turn and its start', () => {
    const from = (hour: number): WeeklyWindow => ({ days: weekdays, from: hour * 60, to: 24 * 60, zone: 'UTC' });
    const queue = [starting('a', 9 * HOUR), starting('b', 10 * HOUR)];
    expect(exposed(queue, { windows: { writes: [], notices: [from(9)] } })).toEqual(['a']);
    expect(exposed(queue, { windows: { writes: [from(9)], notices: [] } })).toEqual(['a']);
    expect(exposed(queue, { windows: { writes: [], notices: [from(8)] } })).toEqual([]);
  });

  test('and the plan says how many, which, and when the first of them starts', () => {
    const plan = planOf(spec, facts({ exposed: [starting('a', 2 * HOUR), starting('b', HOUR)] }));
    expect(plan.exposed).toEqual({ meetings: 2, soonest: at(HOUR), keys: ['a', 'b'] });
    expect(planText(plan, plain, NOW).join('\n')).toContain('2 meetings start before they can be reached, on the old link, the first at 2026-11-24 01:00 UTC: `relink plan --csv FILE` says which.');
    expect(planText(planOf(spec, facts()), plain, NOW).join('\n')).toContain('Every meeting is reached before its next start.');
  });
});

describe('where the quota of creations decides', () => {
  const hosts = (each: number) => Array.from({ length: 100 }, (_, i) => ({ wave: 1, lane: 'ops-1', host: `host-${i}`, meetings: each }));
  const lanes = [lane({ createsLimit: 100 })];

  test('identities are compared: one, those there are, twice as many, and as many as are through within a day', () => {
    const compared = byIdentities(NOW, hosts(3), lanes);
    expect(compared.map(({ identities }) => identities).slice(0, 2)).toEqual([1, 2]);
    expect(compared[0]?.replacedAt).toBe(forecast(NOW, hosts(3), lanes).replacedAt);
    expect(compared).toHaveLength(3);
    expect(Date.parse(compared[2]?.replacedAt ?? '') - NOW).toBeLessThanOrEqual(24 * HOUR);
    expect(compared.map(({ replacedAt }) => replacedAt)).toEqual(compared.map(({ replacedAt }) => replacedAt).toSorted().toReversed());
  });

  test('of two there are, one is told too, and nobody is told of more than ten', () => {
    const two = [...lanes, lane({ identity: 'ops-2', createsLimit: 100 })];
    const load = hosts(100).map((line, i) => ({ ...line, lane: i % 2 === 0 ? 'ops-1' : 'ops-2' }));
    const compared = byIdentities(NOW, load, two);
    expect(compared.map(({ identities }) => identities)).toEqual([1, 2, 4]);
    expect(compared[0]?.replacedAt).toBe(forecast(NOW, hosts(100), lanes).replacedAt);
    expect(compared[1]?.replacedAt).toBe(forecast(NOW, load, two).replacedAt);
  });

  test('the plan says so in one sentence', () => {
    const outlook = { ...facts().outlook, limitedBy: 'creations' as const };
    const identities = [{ identities: 1, replacedAt: at(14 * 24 * HOUR) }, { identities: 2, replacedAt: at(7 * 24 * HOUR) }];
    const text = planText(planOf(spec, facts({ outlook, identities })), plain, NOW).join('\n');
    expect(text).toContain('What decides is the quota of creations: all replaced after 14 d with 1 identity, 7 d with 2.');
  });
});

test('the end waits for the windows in which mails go out and old meetings are deleted', () => {
  const closed = { ...spec, graceMs: HOUR, windows: { writes: [nights], notices: [{ ...nights, from: 8 * 60, to: 18 * 60 }] } };
  const plan = planOf(closed, facts({ outlook: forecast(NOW, [{ wave: 1, lane: 'ops-1', meetings: 1 }], [lane()], [nights]) }));
  expect([plan.forecast.replacedAt, plan.forecast.endsAt]).toEqual([at(6_000), at(20 * HOUR)]); // mailed at eight, deleted at night
  expect(plan.waves[0]?.pointOfNoReturn).toBe(at(20 * HOUR)); // grace counts from the mail, and is over by day
  expect(planText(planOf(spec, facts({ outlook: { ...facts().outlook, closedMs: 22 * HOUR } })), plain, NOW).join('\n')).toContain("Of that time 22 h are outside the campaign's windows: nothing is begun then.");
});

test('what is left alone until its organiser could object comes after the rest of its wave, which it holds open', () => {
  const load = [{ wave: 1, lane: 'ops-1', meetings: 10 }, { wave: 1, lane: 'ops-1', meetings: 10, from: at(HOUR) }, { wave: 2, lane: 'ops-1', meetings: 10, from: at(2 * HOUR) }];
  expect(forecast(NOW, load, [lane()]).waves).toEqual([
    { wave: 1, beginsAt: at(0), replacedAt: at(HOUR + MINUTE) },
    { wave: 2, beginsAt: at(2 * HOUR), replacedAt: at(2 * HOUR + MINUTE) },
  ]);
});

test('a plan says who gets an announcement, how long before, and of what; without one it says nothing of it', () => {
  const announced = { organisers: 0, meetings: 0, bounced: 0, toTell: { organisers: 5, meetings: 29 }, tooSoon: 2, firstAt: null };
  const plan = planOf({ ...spec, notices: { ...spec.notices, announceMs: 72 * HOUR } }, facts({ announced }));
  expect(plan.announcements).toEqual({ announceMs: 72 * HOUR, organisers: 5, meetings: 29, tooSoon: 2 });
  expect(planText(plan, plain, NOW).join('\n')).toContain('5 organisers told 3 d ahead, of 29 meetings that are not begun before; 2 meetings that start too soon are not held up.');
  expect(planOf(spec, facts())).not.toHaveProperty('announcements');
});

test('a plan says how many meetings get another host first, and that nothing takes that back; without any it says nothing of it', () => {
  const plan = planOf(spec, facts({ departed: 3 }));
  expect(plan).toMatchObject({ departed: { meetings: 3 }, pointOfNoReturn: { steps: ['reassign host', 'retire', 'verify retired'] } });
  const text = planText(plan, plain, NOW).join('\n');
  expect(text).toContain('`reassign host` gives 3 meetings whose host left to the host that the campaign file names. It cannot be taken back');
  expect(text).toContain('The step `retire` deletes the old meeting');
  expect(planOf(spec, facts())).not.toHaveProperty('departed');
  expect(planText(planOf(spec, facts()), plain, NOW).join('\n')).not.toContain('reassign');
});

test('the point of no return comes after grace, sooner where a meeting would start on its old link', () => {
  const plan = planOf(spec, facts());
  expect(plan.pointOfNoReturn).toEqual({ steps: ['retire', 'verify retired'], graceMs: 24 * HOUR, earliest: at(75 * MINUTE) });
  expect(plan.waves[1]?.pointOfNoReturn).toBe(at(24 * HOUR + 6_000));
  expect(plan.forecast.endsAt).toBe(at(26 * HOUR + 186_000));
});

test('findings are counted by grade of evidence, refusals by reason with why', () => {
  const plan = planOf(spec, facts());
  expect(plan.findings).toEqual([
    { evidence: 'snapshot', affected: 0, unaffected: 5, excluded: 0, refused: 2 },
    { evidence: 'series-start', affected: 31, unaffected: 0, excluded: 0, refused: 1 },
    { evidence: 'none', affected: 0, unaffected: 0, excluded: 4, refused: 0 },
  ]);
  expect(plan.refusals).toEqual([{ reason: 'Webinar', meetings: 3, explanation: 'it is a webinar whose type the vendor does not show, without which none can be planned; re-plan it by hand' }]);
  expect(plan.others.map(({ reason, meetings }) => [reason, meetings])).toEqual([['HostOutOfScope', 4], ['CreatedAfter', 5]]);
});

test('a plan above the ceiling says that start will refuse', () => {
  const plan = planOf({ ...spec, limits: { ...spec.limits, maxMeetings: 30 } }, facts());
  expect(plan.ceiling).toEqual({ maxMeetings: 30, maxShare: '100%', found: 43, exceeded: true });
  expect(planText(plan, plain, NOW).join('\n')).toContain('31 meetings are more than limits.maxMeetings allows (30): `relink start` will refuse; see whether the scope is right, then raise it.');
});

test('so does a plan that affects a larger share of what is not over than the campaign allows', () => {
  const findings = [...facts().findings, { state: 'unaffected', evidence: 'none', reason: 'NothingLeft', count: 500 }, { state: 'unaffected', evidence: 'none', reason: 'AlreadyStarted', count: 9 }, { state: 'gone', evidence: 'none', reason: null, count: 7 }, { state: 'done', evidence: 'none', reason: null, count: 57 }] as const;
  const under = (maxShare: '31%' | '30%') => planOf({ ...spec, limits: { ...spec.limits, maxShare } }, facts({ findings }));
  expect(under('31%').ceiling).toEqual({ maxMeetings: 100, maxShare: '31%', found: 100, exceeded: false });
  expect(planText(under('31%'), plain, NOW).at(-1)).toContain('Within the ceiling of 100 meetings, and of 31% of the 100 found that are not over.');
  expect(under('30%').ceiling.exceeded).toBe(true);
  expect(planText(under('30%'), plain, NOW).at(-1)).toBe('31 of the 100 meetings found that are not over (31%) are more than limits.maxShare allows (30%): `relink start` will refuse; see whether the scope is right, then raise it.');
  expect(planText(planOf(spec, facts()), plain, NOW).at(-1)).toContain('Within the ceiling of 100 meetings. Nothing');
});

test('the text says per wave how many, the soonest and the point of no return, and how long it takes', () => {
  const text = planText(planOf(spec, facts()), plain, NOW).join('\n');
  expect(text).toMatch(/1 +1 +1 +2026-11-24 02:00 UTC +2026-11-24 00:00 UTC +2026-11-24 01:15 UTC/);
  expect(text).toContain(`About ${31 * REQUESTS_PER_MEETING} requests; all replaced after 4 min`);
  expect(text).toContain('the last old link dead after 1 d 2 h');
  expect(text).toContain('5 organisers to be told');
});

test('a plan with nothing to do promises nothing', () => {
  const plan = planOf(spec, facts({ waves: [], organisers: 0, outlook: forecast(NOW, [], [lane()]) }));
  expect(plan.pointOfNoReturn.earliest).toBeNull();
  const text = planText(plan, plain, NOW).join('\n');
  expect(text).toContain('Nothing waits to be replaced.');
  expect(text).not.toContain('Forecast');
});
