import fc from 'fast-check';
import { meetingKey } from '../../adapters/ledger/index.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRef, Ledger, Quota } from '../../domain/ledger.js';
import { isLegal, reconciles, states, type State } from '../../domain/states.js';
import { startTestLedger, type TestLedger } from '../support/postgres.js';
import { aFinding, aSnapshot, aSpec, anIdentity } from '../support/specs.js';

let test_: TestLedger;
let ledger: Ledger;
beforeAll(async () => {
  test_ = await startTestLedger();
  ledger = test_.ledger;
});
afterAll(() => test_?.stop());

const host = { email: 'secret.host@example.org', displayName: 'secret-name', sites: ['secret-site.example.org'] };
const unlimited: Quota = { identity: 1000, host: 1000, windowMs: 3_600_000 };
let serial = 0;

/** A campaign with so many waiting meetings. */
async function campaign(meetings: number, changes = {}): Promise<{ name: string; refs: readonly ItemRef[] }> {
  const name = `c${++serial}`;
  const findings = Array.from({ length: meetings }, (_, i) => aFinding(`${name}-${i}`, { startsAt: new Date(Date.now() + (i + 1) * 3_600_000).toISOString() }));
  await ledger.campaigns.save(aSpec(name, changes));
  await ledger.inventory.begin(name, 'run');
  await ledger.inventory.addHosts(name, 'run', [{ host, lane: 'ops-1' }]);
  await ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host, findings, unreadable: [] });
  await ledger.plans.assignWaves(name);
  return { name, refs: findings.map(({ identity }) => ({ campaign: name, meeting: meetingKey(test_.keyring, identity) })) };
}

const claim = (name: string, token: string, limit: number, quota = unlimited, wave = 1) =>
  ledger.items.claim({ campaign: name, lane: 'ops-1', wave, limit, claim: token, quota });

/** A meeting that is replaced and verified. */
async function replaced(ref: ItemRef, id = ref.meeting): Promise<void> {
  await ledger.items.move(ref, 'running');
  await ledger.items.saveSnapshot(ref, aSnapshot(id), new Date(Date.now() + 7 * 86_400_000).toISOString());
  await ledger.items.saveReplacement(ref, anIdentity(`new-${id}`));
  await ledger.items.move(ref, 'replaced', { verifiedAt: new Date().toISOString(), graceEndsAt: new Date().toISOString() });
}
async function told(ref: ItemRef): Promise<void> {
  await ledger.notices.queue(ref, 'replaced', []);
  for (const digest of await ledger.notices.assign(ref.campaign, ref)) await ledger.notices.sent(digest);
}

describe('an inventory', () => {
  test('gives hosts once, and leaves those out that are finished', async () => {
    const { name } = await campaign(1);
    await ledger.inventory.begin(name, 'again');
    const hosts = [1, 2, 3].map((n) => ({ host: { ...host, email: `h${n}@example.org` }, lane: 'ops-1' }));
    await ledger.inventory.addHosts(name, 'again', [...hosts, ...hosts]);
    expect(await ledger.inventory.nextHosts(name, 'again', 'ops-1', 10)).toHaveLength(3);
    await ledger.inventory.finishHost({ campaign: name, token: 'again', lane: 'ops-1', host: hosts[0]!.host, findings: [], unreadable: [] });
    expect(await ledger.inventory.nextHosts(name, 'again', 'ops-1', 10)).toHaveLength(2);
    expect(await ledger.inventory.progress(name, 'again')).toEqual({ hosts: 3, finished: 1, meetings: 0 });
  });

  test('judges again what nobody works on, and nothing else', async () => {
    const { name, refs } = await campaign(3);
    const [done, waiting] = refs as [ItemRef, ItemRef];
    await replaced(done);
    await ledger.items.move(done, 'retired');
    await ledger.items.move(done, 'done');
    const unaffected = { verdict: 'unaffected', evidence: 'snapshot', reason: 'CreatedAfter' } as const;
    const findings = [0, 1].map((i) => aFinding(`${name}-${i}`, { judgement: unaffected }));
    await ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host, findings, unreadable: [] });
    expect((await ledger.items.get(done)).state).toBe('done');
    expect((await ledger.items.get(waiting)).state).toBe('unaffected');
  });

  test('shows what it could not read as failed, alone', async () => {
    const { name } = await campaign(2);
    await ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host, findings: [], unreadable: [{ identity: anIdentity('broken'), fields: ['start'] }] });
    const { counts, failures } = await ledger.plans.status(name, 1000);
    expect([counts.found, counts.waiting, counts.failed]).toEqual([3, 2, 1]);
    expect(failures).toEqual({ VendorRefused: 1 });
  });

  test('knows its own replacements in every campaign', async () => {
    const { refs } = await campaign(1);
    await replaced(refs[0]!, 'mine');
    expect(await ledger.inventory.replacedAt(anIdentity('new-mine'))).not.toBeNull();
    expect(await ledger.inventory.replacedAt(anIdentity('other'))).toBeNull();
  });
});

describe('claims', () => {
  test('are taken soonest first, in waves, and the same token gets the same meetings', async () => {
    const { name, refs } = await campaign(5, { waves: [2, 'rest'] });
    const first = await claim(name, 't1', 10);
    expect(first.meetings.map(({ meeting }) => meeting)).toEqual(refs.slice(0, 2).map(({ meeting }) => meeting));
    expect(await claim(name, 't1', 10)).toEqual(first);
    expect((await claim(name, 't2', 10)).meetings).toEqual([]);
    expect((await claim(name, 't3', 10, unlimited, 2)).meetings).toHaveLength(3);
  });

  test('never give one meeting to two claimers', async () => {
    const { name } = await campaign(60, { waves: ['rest'] });
    const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(name, `t${i}`, 3)));
    const meetings = claims.flatMap((found) => found.meetings.map(({ meeting }) => meeting));
    expect(new Set(meetings).size).toBe(meetings.length);
  });

  test.each(['pause', 'stop', 'rollback'] as const)('are not given under the order %s', async (order) => {
    const { name } = await campaign(2);
    await ledger.campaigns.setOrder(name, order);
    expect(await claim(name, 't', 5)).toMatchObject({ meetings: [], order });
  });

  test('wait for a host whose quota is used up, and say until when', async () => {
    const { name } = await campaign(3, { waves: ['rest'], identities: ['ops-1'] });
    const quota = { identity: 100_000, host: 2, windowMs: 60_000 };
    await ledger.pace.spendCreation('ops-1', host.email, { ...quota, host: 100_000 });
    await ledger.pace.spendCreation('ops-1', host.email, { ...quota, host: 100_000 });
    const found = await claim(name, 't', 5, quota);
    expect(found.meetings).toEqual([]);
    expect(Date.parse(found.waitUntil ?? '')).toBeGreaterThan(Date.now());
    expect(found.left).toBe(3);
  });

  test('given back are due again when they said', async () => {
    const { name, refs } = await campaign(1);
    await claim(name, 't', 1);
    await ledger.items.unclaim(refs[0]!, new Date(Date.now() + 60_000).toISOString());
    expect(await claim(name, 't2', 1)).toMatchObject({ meetings: [], left: 1, waitUntil: expect.any(String) });
    await ledger.items.unclaim(refs[0]!, new Date(Date.now() - 1).toISOString());
    expect((await claim(name, 't3', 1)).meetings).toHaveLength(1);
  });

  test('leave a meeting alone that another campaign has replaced', async () => {
    const a = await campaign(1);
    const name = `c${++serial}`;
    await ledger.campaigns.save(aSpec(name));
    await ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host, findings: [aFinding(`${a.name}-0`)], unreadable: [] });
    await ledger.plans.assignWaves(name);
    await replaced(a.refs[0]!);
    expect((await claim(name, 't', 1)).meetings).toEqual([]);
  });
});

describe('the pivot', () => {
  test('sees every fact of the moment', async () => {
    const { refs } = await campaign(1);
    const ref = refs[0]!;
    await replaced(ref);
    await told(ref);
    const facts = await ledger.items.atPivot(ref, async (seen) => ({ retired: false, seen }));
    expect(facts.seen).toMatchObject({ order: 'go', state: 'replaced', told: 'sent', hasReplacement: true });
    expect(facts.seen.fingerprint).toBe((await ledger.items.readSnapshot(ref)).fingerprint);
    await ledger.items.atPivot(ref, async () => ({ retired: true }));
    expect((await ledger.items.get(ref)).state).toBe('retired');
  });

  test('that has begun holds an order up until it is over; one that begins later sees the order', async () => {
    const { name, refs } = await campaign(2);
    await Promise.all(refs.map((ref) => replaced(ref)));
    const events: string[] = [];
    let finish = (): void => undefined;
    const vendor = new Promise<void>((resolve) => (finish = resolve));
    let begun = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const deletion = ledger.items.atPivot(refs[0]!, async () => {
      begun();
      await vendor;
      events.push('deleted');
      return { retired: true };
    });
    await hasBegun;
    const pausing = ledger.campaigns.setOrder(name, 'pause').then(() => events.push('paused'));
    let seen = 'go';
    while (seen === 'go') seen = (await ledger.items.atPivot(refs[1]!, async ({ order }) => ({ retired: false, order }))).order;
    expect(events).toEqual([]);
    finish();
    await Promise.all([deletion, pausing]);
    expect(events).toEqual(['deleted', 'paused']);
  });

  test('that fails moves nothing', async () => {
    const { refs } = await campaign(1);
    await replaced(refs[0]!);
    await expect(ledger.items.atPivot(refs[0]!, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect((await ledger.items.get(refs[0]!)).state).toBe('replaced');
  });
});

describe('notices', () => {
  test('go out once per organiser, and the same digest keeps its id until it is sent', async () => {
    const { name, refs } = await campaign(3);
    for (const ref of refs) await replaced(ref);
    for (const ref of [...refs, ...refs]) await ledger.notices.queue(ref, 'replaced', ['recordings']);
    const [digest, ...more] = await ledger.notices.assign(name);
    expect(more).toEqual([]);
    expect(await ledger.notices.assign(name)).toEqual([digest]);
    const opened = await ledger.notices.open(digest!);
    expect(opened?.entries).toHaveLength(3);
    expect(opened?.to).toEqual({ email: host.email, name: 'secret-name' });
    await ledger.notices.sent(digest!);
    expect(await ledger.notices.open(digest!)).toBeUndefined();
    expect(await ledger.notices.assign(name)).toEqual([]);
    expect(await ledger.notices.told(refs[0]!)).toBe('sent');
  });

  test('are withdrawn when no mail holds them, and corrected once when one does', async () => {
    const { name, refs } = await campaign(2);
    const [quiet, known] = refs as [ItemRef, ItemRef];
    for (const ref of refs) await replaced(ref);
    await told(known);
    await ledger.notices.queue(quiet, 'replaced', []);
    for (const ref of [...refs, ...refs]) await ledger.notices.retract(ref);
    for (const ref of refs) await ledger.items.move(ref, 'rolled-back');
    const [correction, ...more] = await ledger.notices.assign(name);
    expect(more).toEqual([]);
    expect(await ledger.notices.open(correction!)).toMatchObject({ kind: 'correction', entries: [{ meeting: known.meeting }] });
    await ledger.notices.sent(correction!);
    expect(await ledger.notices.pending(name)).toBe(0);
  });

  test('of a rollback wait until one correction can cover all meetings of the organiser', async () => {
    const { name, refs } = await campaign(2);
    for (const ref of refs) {
      await replaced(ref);
      await told(ref);
    }
    await ledger.campaigns.setOrder(name, 'rollback');
    const [first, second] = refs as [ItemRef, ItemRef];
    await ledger.notices.retract(first);
    await ledger.items.move(first, 'rolled-back');
    expect(await ledger.notices.assign(name)).toEqual([]);
    await ledger.notices.retract(second);
    await ledger.items.move(second, 'rolled-back');
    const [digest] = await ledger.notices.assign(name);
    expect((await ledger.notices.open(digest!))?.entries).toHaveLength(2);
  });

  test('that bounced tell which meetings nobody knows of, and need no correction', async () => {
    const { name, refs } = await campaign(1);
    await replaced(refs[0]!);
    await ledger.notices.queue(refs[0]!, 'replaced', []);
    const [digest] = await ledger.notices.assign(name);
    await ledger.notices.retract(refs[0]!);
    expect(await ledger.notices.bounced(digest!)).toEqual([refs[0]]);
    expect(await ledger.notices.assign(name)).toEqual([]);
    expect(await ledger.notices.pending(name)).toBe(0);
  });
});

describe('the pace', () => {
  test('never overspends a creation quota, however many ask at once', async () => {
    const quota = { identity: 7, host: 5, windowMs: 3_600_000 };
    const asked = await Promise.all(Array.from({ length: 60 }, (_, i) => ledger.pace.spendCreation('tight', `h${i % 3}@example.org`, quota)));
    expect(asked.filter(({ allowed }) => allowed)).toHaveLength(7);
    expect(asked.filter(({ allowed }) => !allowed).every(({ waitMs }) => waitMs > 0)).toBe(true);
  });

  test('gives slots at the rate that is allowed, after a burst of one second', async () => {
    await ledger.pace.reserveRequest('paced', 600);
    const slots = await Promise.all(Array.from({ length: 40 }, () => ledger.pace.reserveRequest('paced', 600)));
    const waits = slots.map(({ waitMs }) => waitMs).toSorted((a, b) => a - b);
    expect(waits.at(-1)).toBeGreaterThan(2_000);
    expect(waits.at(-1)).toBeLessThan(4_200);
  });

  test('takes no slot while an identity is quiet', async () => {
    await ledger.pace.quietFor('hushed', 3_600_000);
    const { taken, waitMs } = await ledger.pace.reserveRequest('hushed', 600);
    expect(taken).toBe(false);
    expect(waitMs).toBeGreaterThan(3_000_000);
  });
});

describe('states', () => {
  test('move as the table allows and no other way, and the counts always reconcile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), fc.constantFrom(...states)), { maxLength: 12 }), async (moves) => {
        const { name, refs } = await campaign(3);
        for (const [index, to] of moves) {
          const ref = refs[index]!;
          const from: State = (await ledger.items.get(ref)).state;
          const outcome = await ledger.items.move(ref, to).then(() => 'moved', (cause: unknown) => (cause instanceof RelinkFailure ? 'refused' : 'broken'));
          expect(outcome).toBe(from === to || isLegal(from, to) ? 'moved' : 'refused');
          const { counts } = await ledger.plans.status(name, 1000);
          expect(counts.found).toBe(3);
          expect(reconciles(counts)).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });
});
