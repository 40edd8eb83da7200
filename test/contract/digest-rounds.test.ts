import { setImmediate } from 'node:timers/promises';
import { createNotices } from '../../activities/notices.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { Mail, Mailer } from '../../domain/ports.js';
import { aHost, LedgerBench } from '../support/ledger.js';
import { aFinding, anIdentity, aSnapshot, aSpec } from '../support/specs.js';

/** The activity at work, as Temporal shows it to its attempts. */
let mockContext = { info: { heartbeatDetails: undefined as unknown } };
let mockScheduledAt = Date.now();
jest.mock('@temporalio/activity', () => ({
  activityInfo: () => ({ attempt: 1, scheduledTimestampMs: mockScheduledAt }),
  heartbeat: (details: unknown) => void (mockContext.info.heartbeatDetails = details),
  Context: { current: () => mockContext },
}));
/** Another one: nothing is saved of it yet. */
beforeEach(() => void (mockContext = { info: { heartbeatDetails: undefined } }));

const bench = LedgerBench.inThisFile();

test('urgent notices go out once, although they are due with the others at the same time', async () => {
  const { name, refs } = await bench.campaign(3);
  for (const ref of refs) await bench.replaced(ref);
  const mails: Mail[] = [];
  const mailer: Mailer = { verify: () => Promise.resolve(), send: (mail) => setImmediate(mail).then((sent) => void mails.push(sent)) };
  const work = createNotices({ ledger: bench.ledger, mailer });
  for (const ref of refs) await bench.ledger.notices.queue(ref, 'replaced', []);
  for (const ref of refs) await bench.ledger.notices.assign(name, ref);
  await Promise.all(refs.map(() => work.sendDueDigests({ campaign: name })));
  expect(mails.flatMap(({ meetings }): readonly object[] => meetings)).toHaveLength(refs.length);
  expect(new Set(mails.map(({ key }) => key)).size).toBe(mails.length);
});

describe('notices of which one mailbox takes none', () => {
  const MINUTE = 60_000;
  const FULL = 'full.host@example.org';

  /** Two organisers, and a mail server that takes nothing for one of them. */
  async function scene(digestEveryMs: number) {
    const { name, refs } = await bench.campaign(3, { waves: ['rest'] });
    await bench.ledger.campaigns.save(aSpec(name, { notices: { language: 'en', urgentWithinMs: MINUTE, digestEveryMs } }));
    const identity = anIdentity(`${name}-full`, FULL);
    await bench.find(name, [aFinding(`${name}-full`, { identity })], { host: { ...aHost, email: FULL } });
    const full = bench.ref(name, identity);
    for (const ref of [...refs, full]) await bench.replaced(ref);
    await bench.ledger.items.saveSnapshot(full, { ...aSnapshot('full'), identity }, null);
    await bench.ledger.notices.queue(full, 'replaced', []);
    const mails: string[] = [];
    const send = async ({ to }: Mail): Promise<void> => {
      if (to.email === FULL) throw new RelinkFailure('MailUnavailable', 'full');
      mails.push(to.email);
    };
    const work = createNotices({ ledger: bench.ledger, mailer: { verify: () => Promise.resolve(), send } });
    const tell = (ref: ItemRef | undefined) => bench.ledger.notices.queue(ref!, 'replaced', []);
    return { refs, mails, tell, attempt: () => work.sendDueDigests({ campaign: name }) };
  }

  test('are one mail a round for everybody else, however often the round is tried', async () => {
    const { refs, mails, tell, attempt } = await scene(60 * MINUTE);
    mockScheduledAt = Date.now();
    for (const ref of refs) {
      await tell(ref); // while the round is tried
      await expect(attempt()).rejects.toMatchObject({ type: 'MailUnavailable' });
      expect(mails).toEqual([aHost.email]);
    }
    mockContext = { info: { heartbeatDetails: undefined } }; // the next round
    await expect(attempt()).rejects.toMatchObject({ type: 'MailUnavailable' });
    expect(mails).toEqual([aHost.email, aHost.email]);
  });

  test.each([
    ['five minutes', 60 * MINUTE, 5 * MINUTE],
    ['as long as to the next round, if that is sooner', MINUTE, MINUTE],
  ])('are tried for %s, then left to the next round', async (_, digestEveryMs, forMs) => {
    const { attempt } = await scene(digestEveryMs);
    mockScheduledAt = Date.now() - forMs / 2;
    await expect(attempt()).rejects.toMatchObject({ type: 'MailUnavailable' });
    mockScheduledAt = Date.now() - forMs;
    expect(await attempt()).toMatchObject({ sent: 0, bounced: 0, pending: 1 });
  });
});
