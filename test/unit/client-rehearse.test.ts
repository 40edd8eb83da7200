import pc from 'picocolors';
import type { Gate } from '../../domain/gates.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { ShapedMeeting } from '../../domain/shape.js';
import type { RelinkConfig } from '../../adapters/runtime/config/index.js';
import { JobFailed } from '../../client/errors.js';
import { Gatekeeper } from '../../client/rehearse/gatekeeper.js';
import { campaignFor, stageFor, type Scene } from '../../client/rehearse/scene.js';
import { forcedSettings, shareOf } from '../../client/rehearse/settings.js';
import { tempoOf } from '../../client/rehearse/tempo.js';
import { rehearsalText, type PlanRehearsal } from '../../client/show/rehearsal.js';
import type { Simulators } from '../../client/stage/simulators.js';
import { aSpec } from '../support/specs.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AT = '2026-11-24T03:10:00.000Z';
const plain = pc.createColors(false);

const aGate = (id: number, more: Partial<Gate> = {}): Gate => ({ id, gate: 'rule failures', holds: 'all', answer: 'hold', cause: { rule: 'failures', limit: '10%', count: 3, of: 20 }, openedAt: AT, ...more });

/** What a gatekeeper did, in order. */
function keeper(refusals = 0) {
  const did: string[] = [];
  let left = refusals;
  const gates = new Gatekeeper({
    approve: async ({ id }) => {
      if (left-- > 0) throw new JobFailed('somebody was first');
      did.push(`approve ${id}`);
    },
    stop: async () => void did.push('stop'),
  });
  return { gates, did };
}

test('every gate is passed once however often it is seen, and those of stop rules are remembered', async () => {
  const { gates, did } = keeper();
  const wave = aGate(1, { gate: 'wave 2', cause: null });
  gates.look([wave]);
  gates.look([wave, aGate(2)]);
  await gates.settled();
  expect(did).toEqual(['approve 1', 'approve 2']);
  expect([gates.approvals, gates.fired]).toEqual([2, [aGate(2)]]);
});

test('an approval that is refused is given again while the gate stays open, and counts once', async () => {
  const { gates, did } = keeper(1);
  for (let n = 0; n < 3; n++) {
    gates.look([aGate(1)]);
    await gates.settled();
  }
  expect(did).toEqual(['approve 1']);
  expect([gates.approvals, gates.fired.length]).toEqual([1, 1]);
});

test('a rule that fires without end ends the rehearsal', async () => {
  const { gates, did } = keeper();
  for (let id = 1; id <= 20; id++) {
    gates.look([aGate(id)]);
    await gates.settled();
  }
  expect(gates.gaveUp).toBe(true);
  expect(did.at(-1)).toBe('stop');
  expect(gates.approvals).toBe(19);
});

const m = (kind: ShapedMeeting['kind'], more: Partial<ShapedMeeting> = {}): ShapedMeeting => ({ kind, finding: 'affected', reason: null, startsInMs: DAY, ...more });
const identity = { name: 'ops-1', vendor: 'webex', baseUrl: 'https://webexapis.com/v1', token: { env: 'SECRET_PLACE' }, requestsPerMinute: 240, createsPerDay: { identity: 3000, host: 800, reserve: 6 }, quotaWindowMs: DAY, listLagMs: 0, roomLagMs: 0, timeoutMs: 30_000 } as const;
const config = { file: 'relink.yaml', dataDir: '/planted', identities: [identity, { ...identity, name: 'other' }], mail: { smtpUrl: { env: 'SECRET_PLACE' }, from: 'Planted <planted@example.com>' } } as RelinkConfig;
const aScene = (spec: Partial<CampaignSpec> = {}, more: Partial<Scene> = {}): Scene => ({
  shape: { hosts: [[m('single'), m('room'), m('room')], [m('series', { finding: 'excluded', reason: 'Exempted' })]] },
  spec: aSpec('spring-clean', spec),
  config,
  scale: 240,
  graceMs: 9_000,
  digestEveryMs: 3_000,
  keepsUp: true,
  faults: 'none',
  seed: 7,
  share: 1,
  ...more,
});

async function filesOf(scene: Scene) {
  const stage = stageFor(scene);
  const written = await stage.files({ vendorUrl: 'http://127.0.0.1:1/v1', tokens: ['simulated-1'], smtpUrl: 'smtp://127.0.0.1:2' } as unknown as Simulators);
  const relink = JSON.parse(written['relink.yaml'] ?? '') as { identities: readonly { name: string; requestsPerMinute: number; createsPerDay: object; quotaWindow: string }[] };
  const flag = (name: string): string | undefined => stage.simulators[stage.simulators.indexOf(`--${name}`) + 1];
  return { written, identities: relink.identities, flag };
}

test('the limits of the operator are scaled on both sides, and a vendor’s day is the quota window', async () => {
  const { identities, flag } = await filesOf(aScene());
  expect(identities).toMatchObject([{ name: 'ops-1', requestsPerMinute: 57_600, createsPerDay: { identity: 3000, host: 800, reserve: 6 }, quotaWindow: '360000ms' }]);
  expect(['scale', 'rpm', 'creates-identity', 'creates-host', 'identities', 'seed'].map(flag)).toEqual(['240', '248', '3000', '800', '1', '7']);
  const short = await filesOf(aScene({}, { config: { ...config, identities: [{ ...identity, quotaWindowMs: HOUR }] } }));
  expect([short.flag('scale'), short.flag('rpm'), short.identities[0]?.quotaWindow]).toEqual(['5760', '11', '15000ms']);
});

test('a sample gets its share of the identity’s limits, each host all of theirs', async () => {
  const { identities, flag } = await filesOf(aScene({}, { share: 0.1 }));
  expect(identities[0]).toMatchObject({ requestsPerMinute: 5_760, createsPerDay: { identity: 300, host: 800 } });
  expect([flag('creates-identity'), flag('creates-host')]).toEqual(['300', '800']);
});

test('nothing of the operator’s own files gets on the stage but names of identities and limits', async () => {
  const scene = aScene({ scope: { hosts: ['planted@example.com'], sites: ['planted.webex.com'], horizonMs: DAY, personalRooms: true } });
  const { written } = await filesOf(scene);
  const texts = [JSON.stringify(written), JSON.stringify(stageFor(scene).props), stageFor(scene).simulators.join(' ')].join('\n');
  for (const planted of ['planted', 'Planted', 'SECRET_PLACE', 'webexapis']) expect(texts).not.toContain(planted);
});

test('the campaign keeps its rules; waits are those of its tempo, windows are open, and its meetings are those of the stage', async () => {
  const original: Partial<CampaignSpec> = {
    graceMs: DAY,
    notices: { language: 'nl', urgentWithinMs: 2 * DAY, digestEveryMs: HOUR },
    windows: { writes: [{ days: ['mon'], from: 0, to: 60, zone: 'UTC' }], notices: [] },
    scope: { hosts: ['planted@example.com'], sites: ['planted.webex.com'], horizonMs: DAY, personalRooms: true },
    limits: { maxMeetings: 7, maxShare: '30%', maxConcurrent: 20 },
    evidence: { unknown: 'review', snapshots: [], calendar: [{ by: 'number', key: '1', created: AT }], invitations: [] },
  };
  const spec = await campaignFor(aScene(original), { inventory: async () => 'id\nabc\ndef\n' });
  expect(spec).toMatchObject({ graceMs: 9_000, notices: { language: 'nl', urgentWithinMs: 2 * DAY, digestEveryMs: 3_000 }, waves: aSpec('a').waves, startGuardMs: 60_000, limits: { maxMeetings: 7, maxShare: undefined }, windows: undefined });
  expect(spec.scope).toEqual({ hosts: 'all', sites: ['example.webex.com', 'example-2.webex.com'], horizonMs: DAY, personalRooms: true });
  expect(spec.evidence).toEqual({ unknown: 'review', snapshots: [{ takenAt: '2024-05-28T00:00:00.000Z', ids: ['abc', 'def'] }] });
});

describe('the tempo', () => {
  const foreseen = { workMs: 3 * DAY, requests: 1_800, graceMs: DAY, digestEveryMs: HOUR };

  test('is as fast as the machine keeps up with, and never so fast that a day lasts less than a minute', () => {
    expect(tempoOf({ ...foreseen, requests: 18_000 })).toMatchObject({ scale: 432, keepsUp: true });
    expect(tempoOf(foreseen)).toMatchObject({ scale: 1_440, keepsUp: true });
    expect(tempoOf({ ...foreseen, workMs: 1_000 })).toMatchObject({ scale: 1 });
    expect(tempoOf({ ...foreseen, requests: 18_000 }, 1_440)).toMatchObject({ scale: 1_440, keepsUp: false });
    expect(tempoOf({ ...foreseen, workMs: 100_000, requests: 30 })).toMatchObject({ scale: 10 });
  });

  test('lets as many digests go out while it works as go out at the vendor, or one after it where work is over before the first', () => {
    const long = tempoOf({ ...foreseen, requests: 18_000 });
    expect((3 * DAY) / long.scale / long.digestEveryMs).toBeCloseTo(72, 0);
    expect(tempoOf({ ...foreseen, workMs: 360_000 }).digestEveryMs).toBe(75_000);
    const slow = tempoOf({ ...foreseen, requests: 18_000 }, 1_440);
    expect(600_000 / slow.digestEveryMs).toBeCloseTo(72, 0);
  });

  test('never waits long for grace, but longer than for a digest where the campaign does', () => {
    const waits = (graceMs: number, digestEveryMs: number) => tempoOf({ ...foreseen, graceMs, digestEveryMs });
    expect(waits(DAY, HOUR)).toMatchObject({ graceMs: 30_000, digestEveryMs: 2_500 });
    expect(waits(DAY, 23 * HOUR)).toMatchObject({ graceMs: 58_500, digestEveryMs: 57_500 });
    expect(waits(2 * HOUR, DAY)).toMatchObject({ graceMs: 5_000, digestEveryMs: 60_000 });
    expect(waits(100, HOUR).graceMs).toBe(1_000);
  });
});

test('options that mean nothing are refused', () => {
  expect([shareOf('10%'), shareOf('100%')]).toEqual([0.1, 1]);
  for (const wrong of ['10', '0%', '101%', 'all']) expect(() => shareOf(wrong)).toThrow('from 1% to 100%');
  expect(forcedSettings('enabledJoinBeforeHost=true, publicMeeting=false')).toEqual({ enabledJoinBeforeHost: true, publicMeeting: false });
  for (const wrong of ['', 'a', 'a=1', 'a=true,', '__proto__=true']) expect(() => forcedSettings(wrong)).toThrow('names');
});

test('a plan says whether it was rehearsed, how, and what start asks for', () => {
  const last = { plan: 3, passed: true, faults: 'ordinary', share: 0.1, at: AT } as const;
  const say = (rehearsal: PlanRehearsal): string => rehearsalText('story', rehearsal, plain);
  expect(say({ standing: 'passed', last, asked: true })).toBe('Rehearsed: passed at 2026-11-24 03:10 UTC (plan 3, faults ordinary, 10% of the hosts).');
  expect(say({ standing: 'failed', last: { ...last, passed: false, share: 1 }, asked: true })).toContain('Rehearsed: failed at 2026-11-24 03:10 UTC (plan 3, faults ordinary)');
  expect(say({ standing: 'not rehearsed', last: null, asked: true })).toBe('Not rehearsed. `relink start` asks for it: `relink rehearse story`.');
  expect(say({ standing: 'not rehearsed', last, asked: false })).toContain('was of less, or with other settings');
});
