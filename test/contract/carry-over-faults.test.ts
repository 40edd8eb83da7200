import { createRemediation } from '../../activities/remediation.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { Ledger } from '../../domain/ledger.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import type { StepEvent } from '../../domain/states.js';
import { inMs } from '../support/ledger.js';
import { aSnapshot, aSpec, anIdentity, noLists } from '../support/specs.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1 }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const LAG = 3_600_000;
const REF = { campaign: 'c', meeting: 'm' };
const event = (step: StepEvent['step'], state: StepEvent['state'], at: string): StepEvent => ({ step, state, at, attempt: 1, trackingId: null, failure: null, note: null });

type CarryOver = ConferencingVendor['carryOver'];
const refusing = (status: number): CarryOver => () => Promise.reject(new RelinkFailure('VendorRefused', `status ${status}`, { status }));

/** Carries over once, after these steps, at a vendor that does so; what it ended in. @param ordered what the campaign's order is from its second reading on */
async function carriedOver(carryOver: CarryOver, before: readonly StepEvent[], ordered = 'go'): Promise<unknown> {
  const events = [...before];
  const items: Pick<Ledger['items'], 'get' | 'readSnapshot' | 'stepEvents' | 'recordStep'> = {
    get: () => Promise.resolve({ state: 'running', wave: 1, lane: 'ops-1', kind: 'single', legacy: anIdentity('old'), replacement: anIdentity('new'), startsAt: null, failure: null, verifiedAt: null, graceEndsAt: null, retiredAt: null }),
    readSnapshot: () => Promise.resolve({ snapshot: aSnapshot('old'), fingerprint: 'f' }),
    stepEvents: () => Promise.resolve(events),
    recordStep: (_ref, recorded) => Promise.resolve(void events.push({ ...recorded, at: inMs(0) })),
  };
  let asked = 0;
  const campaigns = { get: () => Promise.resolve({ spec: aSpec('c'), order: asked++ === 0 ? 'go' : ordered, phase: 'remediating', startedAt: inMs(-LAG) }) };
  const context = { ledger: { campaigns, items } as unknown as Ledger, vendor: { carryOver } as unknown as ConferencingVendor, lists: noLists(), identity: 'ops-1', quota: { identity: 1, host: 1, windowMs: 1 }, listLagMs: LAG };
  return createRemediation(context).carryOver(REF).then(() => 'it went well', (cause: unknown) => (cause instanceof RelinkFailure ? cause.type : cause));
}

/** So long ago the replacement was made, and some invitees perhaps inserted. */
const made = (ago: number): readonly StepEvent[] => [event('replace', 'started', inMs(-ago)), event('replace', 'done', inMs(-ago)), event('carry over', 'started', inMs(-ago))];

test('a conflict while the vendor’s list may lag is waited for: it must not roll the meeting back', async () => expect(await carriedOver(refusing(409), made(1_000))).toBe('NotYetVisible'));

test('a conflict that outlasts the lag is a refusal: nobody waits for ever', async () => expect(await carriedOver(refusing(409), made(2 * LAG))).toBe('VendorRefused'));

test('another refusal is one at once', async () => expect(await carriedOver(refusing(400), made(1_000))).toBe('VendorRefused'));

test('a pause that is ordered meanwhile keeps back what is left of it', async () => {
  const carryOver: CarryOver = async (_ref, _legacy, _policy, how) => (await how?.lastLook?.(), {});
  expect([await carriedOver(carryOver, made(1_000)), await carriedOver(carryOver, made(1_000), 'pause')]).toEqual(['it went well', 'CampaignPaused']);
});
