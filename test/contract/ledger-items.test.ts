import fc from 'fast-check';
import { RelinkFailure, type FailureType } from '../../domain/failures.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { MeetingSnapshot } from '../../domain/meeting.js';
import { aHost, inMs, LedgerBench } from '../support/ledger.js';
import { aFinding, aSnapshot, anIdentity } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const print = (changes: Partial<MeetingSnapshot> = {}) => bench.ledger.items.fingerprint({ ...base, ...changes });
const guest = (email: string) => ({ email, coHost: false, panelist: false });
const parts = { registration: [{ requireCity: true }], breakoutSessions: [{ name: 'a', invitees: [] }, { name: 'b', invitees: ['a@example.org'] }] };
const base: MeetingSnapshot = { ...aSnapshot('same'), start: '2026-01-01T10:00:00.000Z', end: '2026-01-01T11:00:00.000Z', invitees: [guest('a@example.org'), guest('b@example.org')], parts };

describe('companions of a meeting', () => {
  const HOUR = 3_600_000;
  test('are others of its host in the campaign whose grace is over, or is soon', async () => {
    const { refs } = await bench.campaign(3);
    const [a, b, c] = refs as [ItemRef, ItemRef, ItemRef];
    expect(await bench.ledger.items.hasCompanions(a, HOUR)).toBe(false);
    await bench.replaced(a);
    expect(await bench.ledger.items.hasCompanions(a, HOUR)).toBe(false);
    expect(await bench.ledger.items.hasCompanions(c, HOUR)).toBe(true);
    await bench.ledger.items.move(b, 'running');
    await bench.ledger.items.move(b, 'replaced', { verifiedAt: inMs(0), graceEndsAt: inMs(2 * HOUR) });
    expect(await bench.ledger.items.hasCompanions(a, HOUR)).toBe(false);
    expect(await bench.ledger.items.hasCompanions(a, 3 * HOUR)).toBe(true);
  });

  test('are none of other hosts and of other campaigns', async () => {
    const { name, refs } = await bench.campaign(1);
    const elsewhere = await bench.campaign(1);
    await bench.replaced(elsewhere.refs[0]!);
    const other = aFinding(`${name}-other`);
    await bench.ledger.inventory.addHosts(name, 'run', [{ host: { ...aHost, email: 'noor@example.org' }, lane: 'ops-1' }]);
    await bench.find(name, [other], { host: { ...aHost, email: 'noor@example.org' } });
    await bench.replaced(bench.ref(name, other.identity));
    expect(await bench.ledger.items.hasCompanions(refs[0]!, HOUR)).toBe(false);
  });
});

describe('a snapshot', () => {
  test('comes back whole, with its fingerprint, and the last one counts', async () => {
    const { refs } = await bench.campaign(1);
    const ref = refs[0]!;
    const startsAt = inMs(60_000);
    await bench.ledger.items.saveSnapshot(ref, aSnapshot('first'), null);
    const snapshot = aSnapshot('second', { recurrence: 'FREQ=DAILY', options: { deep: { list: [1, 'é'] } }, kind: 'series' });
    await bench.ledger.items.saveSnapshot(ref, snapshot, startsAt);
    expect(await bench.ledger.items.readSnapshot(ref)).toEqual({ snapshot, fingerprint: bench.ledger.items.fingerprint(snapshot) });
    expect(await bench.ledger.items.get(ref)).toMatchObject({ startsAt, kind: 'series', legacy: snapshot.identity });
  });

  test('that was never taken is an error, not a guess', async () => {
    const { refs } = await bench.campaign(1);
    await expect(bench.ledger.items.readSnapshot(refs[0]!)).rejects.toBeInstanceOf(RelinkFailure);
    expect(await bench.ledger.items.findSnapshot(refs[0]!)).toBeUndefined();
  });
});

describe('the fidelity of a replacement', () => {
  const fidelity = [{ field: 'title', verdict: 'equal' }, { field: 'link', verdict: 'intended' }, { field: 'meetingOptions.enabledChat', verdict: 'equal' }, { field: 'hostKey', verdict: 'lost' }] as const;
  const replaced = async () => {
    const { refs } = await bench.campaign(1);
    const ref = refs[0]!;
    await bench.ledger.items.move(ref, 'running');
    expect(await bench.ledger.items.fidelity(ref)).toEqual([]);
    await bench.ledger.items.saveReplacement(ref, anIdentity('new'));
    await bench.ledger.items.move(ref, 'replaced', { verifiedAt: inMs(0), fidelity });
    return ref;
  };

  test('is kept with the verification, what is lost first, and through the pivot', async () => {
    const ref = await replaced();
    const kept = [fidelity[3], fidelity[1], fidelity[0], fidelity[2]];
    expect(await bench.ledger.items.fidelity(ref)).toEqual(kept);
    await bench.ledger.items.move(ref, 'retired');
    await bench.ledger.items.move(ref, 'done');
    expect(await bench.ledger.items.fidelity(ref)).toEqual(kept);
  });

  test('is forgotten with the replacement, and when the meeting starts afresh', async () => {
    const [one, other] = [await replaced(), await replaced()];
    await bench.ledger.items.clearReplacement(one);
    await bench.ledger.items.move(other, 'waiting');
    expect([await bench.ledger.items.fidelity(one), await bench.ledger.items.fidelity(other)]).toEqual([[], []]);
  });
});

describe('a fingerprint', () => {
  test.each<[string, Partial<MeetingSnapshot>]>([
    ['the title', { title: 'other' }],
    ['the agenda', { agenda: undefined }],
    ['the zone', { timezone: 'Europe/Paris' }],
    ['the start', { start: '2026-01-02T10:00:00.000Z' }],
    ['the end', { end: '2026-01-01T12:00:00.000Z' }],
    ['the recurrence', { recurrence: 'FREQ=DAILY' }],
    ['an option', { options: { publicMeeting: true } }],
    ['an invitee', { invitees: [guest('a@example.org')] }],
    ['the role of an invitee', { invitees: [guest('a@example.org'), { ...guest('b@example.org'), coHost: true }] }],
    ['the passcode', { password: 'other' }],
    ['what makes it unsupported', { refusal: 'LiveStream' }],
    ['a part that is empty', { parts: { ...parts, interpreters: [] } }],
    ['what is in a part', { parts: { ...parts, breakoutSessions: [{ name: 'b', invitees: [] }] } }],
    ['the link', { identity: { ...base.identity, link: 'https://other.example.org' } }],
    ['the number', { identity: { ...base.identity, number: 'other' } }],
  ])('changes with %s', (_, changes) => expect(print(changes)).not.toBe(print()));

  test.each<[string, Partial<MeetingSnapshot>]>([
    ['time passes', { occurrences: [] }],
    ['we tag the meeting', { tags: ['relink:abc'] }],
    ['the list of invitees comes in another order and case', { invitees: [guest('B@example.org'), guest('A@example.org')] }],
    ['parts come in another order', { parts: { breakoutSessions: parts.breakoutSessions.toReversed(), registration: parts.registration } }],
    ['a display name appears', { invitees: [{ ...guest('a@example.org'), displayName: 'A' }, guest('b@example.org')] }],
  ])('stays when %s', (_, changes) => expect(print(changes)).toBe(print()));

  test('does not depend on the order of options', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (options) => {
        const turned = Object.fromEntries(Object.entries(options).toReversed());
        expect(print({ options: turned })).toBe(print({ options }));
      }),
    );
  });
});

describe('the log', () => {
  test('keeps every step in the order it was written, beside each meeting', async () => {
    const { name, refs } = await bench.campaign(2);
    const lines = [
      { step: 'replace', state: 'started', attempt: 1, trackingId: null, failure: null, note: null },
      { step: 'replace', state: 'failed', attempt: 1, trackingId: 'T-1', failure: 'VendorRefused', code: 400, note: 'title' },
      { step: 'replace', state: 'done', attempt: 2, trackingId: 'T-2', failure: null, note: null },
    ] as const;
    for (const line of lines) await bench.ledger.items.recordStep(refs[0]!, line);
    const events = await bench.ledger.items.stepEvents(refs[0]!);
    expect(events).toEqual(lines.map((line) => ({ ...line, at: expect.any(String) })));
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
    expect((await bench.ledger.plans.rows(name)).map(({ steps }) => steps)).toEqual([events, []]);
  });
});

describe('creations beside a meeting', () => {
  test('are those of other meetings of its lane since then, in whichever campaign: made, or in doubt', async () => {
    const [{ refs }, { refs: elsewhere }, { name }] = [await bench.campaign(2), await bench.campaign(1), await bench.campaign(0)];
    await bench.find(name, [aFinding('foreign')], { lane: 'other' });
    const log = (ref: ItemRef, state: 'started' | 'done' | 'failed', failure: FailureType | null = null, note: string | null = null, step: 'replace' | 'verify' = 'replace') =>
      bench.ledger.items.recordStep(ref, { step, state, attempt: 1, trackingId: null, failure, note });
    const [own, beside] = refs;
    await log(beside!, 'done');
    const since = (await bench.ledger.items.stepEvents(beside!))[0]!.at;
    for (const ref of [own!, bench.ref(name, aFinding('foreign').identity)]) await log(ref, 'done');
    await log(beside!, 'started');
    await log(beside!, 'failed', 'NetworkAmbiguous');
    await log(elsewhere[0]!, 'done');
    await log(beside!, 'failed', 'VendorRefused');
    await log(beside!, 'failed', 'NetworkAmbiguous', 'duplicate');
    await log(beside!, 'done', null, 'adopted');
    await log(beside!, 'done', null, null, 'verify');
    expect((await bench.ledger.items.creationsBeside(own!, 'ops-1', new Date(Date.parse(since) + 1).toISOString())).map(({ made }) => made)).toEqual([false, true]);
    expect(await bench.ledger.items.creationsBeside(own!, 'ops-1', inMs(60_000))).toEqual([]);
  });
});

describe('a selection', () => {
  test('is by key, state, failure and wave, soonest first', async () => {
    const { name, refs } = await bench.campaign(4, { waves: [2, 'rest'] });
    await bench.ledger.items.move(refs[3]!, 'failed', { failure: 'Forbidden' });
    await bench.ledger.items.move(refs[1]!, 'failed', { failure: 'VendorRefused' });
    const chosen = async (selection: object) => (await bench.ledger.items.select(name, selection)).map(({ meeting }) => refs.findIndex((ref) => ref.meeting === meeting));
    expect(await chosen({})).toEqual([0, 1, 2, 3]);
    expect(await chosen({ states: ['failed'] })).toEqual([1, 3]);
    expect(await chosen({ failure: 'Forbidden' })).toEqual([3]);
    expect(await chosen({ wave: 2 })).toEqual([2, 3]);
    expect(await chosen({ meetings: [refs[3]!.meeting, refs[0]!.meeting], states: ['waiting'] })).toEqual([0]);
    expect(await chosen({ meetings: [] })).toEqual([]);
  });
});

test('what failed is selected with the status that the vendor answered: of its own class, the last, and of an undo that failed, the undo\'s', async () => {
  const { name, refs } = await bench.campaign(4);
  const failed = (i: number, failure: FailureType, code?: number) => bench.ledger.items.recordStep(refs[i]!, { step: 'replace', state: 'failed', attempt: 1, trackingId: null, failure, code, note: null });
  await failed(0, 'RateLimited', 429);
  await failed(0, 'VendorRefused', 404);
  await failed(0, 'VendorRefused', 400);
  await failed(1, 'RateLimited', 429);
  await failed(2, 'Forbidden', 403);
  for (const [i, failure] of (['VendorRefused', 'VerificationFailed', 'UndoFailed'] as const).entries()) {
    await bench.ledger.items.move(refs[i]!, 'running');
    await bench.ledger.items.move(refs[i]!, failure === 'UndoFailed' ? 'held' : 'failed', { failure, failedStep: 'replace' });
  }
  expect((await bench.ledger.items.select(name, {})).map(({ failure, code }) => [failure, code])).toEqual([['VendorRefused', 400], ['VerificationFailed', null], ['UndoFailed', 403], [null, null]]);
});

test('a replacement is there until it is cleared', async () => {
  const { refs } = await bench.campaign(1);
  await bench.replaced(refs[0]!, 'r');
  expect((await bench.ledger.items.get(refs[0]!)).replacement).toEqual(anIdentity('new-r'));
  await bench.ledger.items.clearReplacement(refs[0]!);
  expect(await bench.ledger.items.get(refs[0]!)).toMatchObject({ replacement: null, verifiedAt: null });
});
