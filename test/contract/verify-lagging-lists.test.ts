import { createRemediation } from '../../activities/remediation.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { Ledger } from '../../domain/ledger.js';
import type { Invitee, MeetingSnapshot } from '../../domain/meeting.js';
import type { ConferencingVendor, Reading } from '../../domain/ports.js';
import type { StepEvent } from '../../domain/states.js';
import { aSnapshot, aSpec, anIdentity, noLists } from '../support/specs.js';

let mockActivity = 0;
const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: `a${mockActivity}`, workflowExecution: { runId: 'r' } }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

/** The clock of this file: it moves only when something takes time. */
let now = Date.parse('2026-06-01T12:00:00.000Z');
beforeEach(() => {
  mockActivity++;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

const LAG = 4_000;
const REF = { campaign: 'c', meeting: 'm' };
const start = '2026-06-10T12:00:00.000Z';
const guest: Invitee = { email: 'secret.guest@example.org', coHost: false, panelist: false };
const change = { original: start, held: { start, end: '2026-06-10T13:00:00.000Z', title: 'secret-title', agenda: 'secret-agenda', invitees: [guest] } };
const legacy: MeetingSnapshot = { ...aSnapshot('old'), until: '2027-06-01T00:00:00.000Z', changes: [change] };

/** A vendor whose list shows each write once the lag is over, and whose last answer of a reading may fail; a ledger that remembers. */
class Bench {
  readonly events: StepEvent[] = [];
  /** When each write happened; it takes so many until the change is there. */
  readonly writes: number[] = [];
  needs = 1;
  /** How many readings lose their last answer. */
  lost = 0;
  state = 'running';
  /** Whom the new meeting lacks, and whom the vendor calls invited all the same. */
  missing: readonly Invitee[] = [];
  aliases: readonly string[] = [];

  constructor() {
    this.log({ step: 'replace', state: 'done' });
    this.carryOver();
    this.log({ step: 'carry over', state: 'done' });
  }

  log(event: Pick<StepEvent, 'step' | 'state'>): void {
    this.events.push({ attempt: 1, trackingId: null, failure: null, note: null, ...event, at: new Date(now).toISOString() });
  }

  carryOver(): void {
    this.writes.push(now);
  }

  async verify(): Promise<string> {
    return createRemediation(this.#context()).verifyReplacement(REF).then(() => 'verified', (cause: unknown) => (cause instanceof RelinkFailure ? cause.type : String(cause)));
  }

  async #read(_ref: unknown, _window: unknown, { memory }: Reading = {}): Promise<MeetingSnapshot> {
    const ask = () => Promise.resolve(this.writes.filter((at) => at + LAG <= now).length >= this.needs ? [change] : []);
    const changes = (await memory?.recall('changes', ask)) ?? (await ask());
    now += 100;
    if (this.lost-- > 0) throw new RelinkFailure('VendorUnavailable', 'no answer');
    return { ...legacy, identity: anIdentity('new'), password: 'secret-other', changes, invitees: legacy.invitees.filter((invitee) => !this.missing.includes(invitee)) };
  }

  #context() {
    const items: Partial<Ledger['items']> = {
      get: () => Promise.resolve({ state: 'running', wave: 1, lane: 'ops-1', kind: 'series', legacy: legacy.identity, replacement: anIdentity('new'), startsAt: null, failure: null, verifiedAt: null, graceEndsAt: null, retiredAt: null }),
      readSnapshot: () => Promise.resolve({ snapshot: legacy, fingerprint: 'f' }),
      stepEvents: () => Promise.resolve([...this.events]),
      recordStep: (_ref, event) => Promise.resolve(this.log(event)),
      move: (_ref, state) => Promise.resolve(void (this.state = state)),
    };
    const campaigns = { get: () => Promise.resolve({ spec: aSpec('c'), order: 'go', phase: 'remediating', startedAt: null }) };
    const vendor: Partial<ConferencingVendor> = {
      readMeeting: (...asked) => this.#read(...asked),
      intendedOptions: ({ options }) => ({ options, lost: [] }),
      carryOver: () => {
        this.carryOver();
        return Promise.resolve(this.aliases.length > 0 ? { aliases: this.aliases } : {});
      },
    };
    return { ledger: { campaigns, items } as unknown as Ledger, vendor: vendor as ConferencingVendor, lists: noLists(), identity: 'ops-1', quota: { identity: 1, host: 1, windowMs: 1, fresh: { identity: 1, host: 1 } }, listLagMs: LAG };
  }
}

/** Attempts, half a second apart, until it is over. */
async function outcome(bench: Bench): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const ended = await bench.verify();
    if (ended !== 'NotYetVisible' && ended !== 'VendorUnavailable') return ended;
    now += 500;
  }
  return 'no end';
}

test('a difference in an answer that an earlier attempt was given counts from when it was asked, not from now', async () => {
  const bench = new Bench();
  bench.lost = 9; // longer than the lag: the first answer is remembered, and is out of date
  expect(await outcome(bench)).toBe('verified');
});

test('what is mended during verification is given its own time to become visible', async () => {
  const bench = new Bench();
  bench.needs = 3;
  expect(await outcome(bench)).toBe('verified');
  expect(bench.events.filter(({ step, state }) => step === 'carry over' && state === 'done').length).toBeGreaterThanOrEqual(3);
});

test('a vendor that never shows what was written is believed in the end', async () => {
  const bench = new Bench();
  bench.needs = Infinity;
  expect(await outcome(bench)).toBe('VerificationFailed');
  expect(bench.state).toBe('running');
});

test.each<[string, readonly string[], string]>([
  ['calls invited all the same', [guest.email], 'verified'],
  ['does not call invited', [], 'VerificationFailed'],
  ['does not call invited, but somebody else', ['bo@example.org'], 'VerificationFailed'],
])('an invitee whom the vendor never shows, and %s, is one whom it knows by another address, or is missing', async (_what, aliases, ended) => {
  const bench = new Bench();
  bench.missing = legacy.invitees;
  bench.aliases = aliases;
  expect(await outcome(bench)).toBe(ended);
});
