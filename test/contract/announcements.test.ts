import fc from 'fast-check';
import { createAnnouncing } from '../../activities/announcements.js';
import { createRemediation } from '../../activities/remediation.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ItemRef } from '../../domain/ledger.js';
import type { AnnouncementMail, ConferencingVendor, Mail, Mailer } from '../../domain/ports.js';
import { aHost, aName, inMs, LedgerBench } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { aFinding, anIdentity, aSnapshot, aSpec, noLists } from '../support/specs.js';

jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1 }), heartbeat: () => undefined, Context: { current: () => ({ info: {} }) } }));

const bench = LedgerBench.inThisFile();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const usual = { language: 'en', urgentWithinMs: HOUR, digestEveryMs: MINUTE } as const;

/** A begun campaign whose meetings start so many milliseconds from now, each of the host beside it. */
async function campaign(starts: readonly (number | null)[], { announceMs = HOUR, hosts = [] as readonly string[] } = {}): Promise<{ name: string; refs: readonly ItemRef[] }> {
  const name = aName();
  await bench.ledger.campaigns.save(aSpec(name, { waves: ['rest'], notices: { ...usual, announceMs } }));
  await bench.ledger.inventory.begin(name, 'run');
  const refs = await Promise.all(starts.map((ms, i) => found(name, `${name}-${i}`, ms, hosts[i])));
  await bench.ledger.plans.assignWaves(name);
  await bench.ledger.campaigns.begin(name);
  return { name, refs };
}

async function found(name: string, id: string, ms: number | null, email = aHost.email): Promise<ItemRef> {
  const identity = anIdentity(id, email);
  const heading = { title: `about ${id}`, timezone: 'Europe/Amsterdam', hostName: 'Noor' };
  await bench.find(name, [aFinding(id, { identity, startsAt: ms === null ? null : inMs(ms), heading })], { host: { ...aHost, email } });
  return bench.ref(name, identity);
}

class Post implements Mailer {
  readonly mails: AnnouncementMail[] = [];
  refuses: 'OrganiserUnreachable' | 'MailUnavailable' | undefined;
  /** While one is on its way. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  async send(mail: Mail): Promise<void> {
    if (mail.kind !== 'announced') throw new Error('a surprising mail');
    await this.meanwhile();
    if (this.refuses) throw new RelinkFailure(this.refuses, 'refused');
    this.mails.push(mail);
  }
  verify = (): Promise<void> => Promise.resolve();

  announce = (name: string) => createAnnouncing({ ledger: bench.ledger, mailer: this }).announce({ campaign: name });
  get titles(): readonly string[] {
    return this.mails.flatMap(({ meetings }) => meetings.map(({ title }) => title));
  }
}

/** Everything that the ledger dates lies so much further back. */
async function passes(ms: number): Promise<void> {
  const { databaseUrl } = bench.store;
  const back = `make_interval(secs => ${ms / 1000})`;
  await query(databaseUrl, `update digest set until = until - ${back}, opened_at = opened_at - ${back}`);
  await query(databaseUrl, `update item set starts_at = starts_at - ${back}`);
}

let claims = 0;
const taken = async (name: string, limit = 100): Promise<readonly string[]> => (await bench.claim(name, `t${++claims}`, limit)).meetings.map(({ meeting }) => meeting);

describe('announcements', () => {
  test('go to each organiser once, about all their meetings, which are left alone for as long as the mail says', async () => {
    const { name, refs } = await campaign([8 * HOUR, 9 * HOUR, 10 * HOUR], { hosts: ['ann@example.org', 'bob@example.org', 'ann@example.org'] });
    const post = new Post();
    expect(await taken(name)).toEqual([]);
    expect(await bench.ledger.announcements.standing(name)).toMatchObject({ organisers: 0, toTell: { organisers: 2, meetings: 3 }, firstAt: null });
    expect(await post.announce(name)).toEqual({ sent: 2, bounced: 0 });
    expect(await post.announce(name)).toEqual({ sent: 0, bounced: 0 });
    expect(Object.fromEntries(post.mails.map(({ to, meetings }) => [`${to.name} ${to.email}`, meetings.length]))).toEqual({ 'Noor ann@example.org': 2, 'Noor bob@example.org': 1 });
    expect(await taken(name)).toEqual([]);
    const standing = await bench.ledger.announcements.standing(name);
    expect(standing).toMatchObject({ organisers: 2, meetings: 3, bounced: 0, toTell: { organisers: 0, meetings: 0 }, tooSoon: 0 });
    const first = post.mails.map(({ notBefore }) => notBefore).sort()[0]!;
    expect(Date.parse(standing!.firstAt!)).toBeGreaterThanOrEqual(Date.parse(first));
    expect((await bench.claim(name, 'until', 1)).waitUntil).toBe(standing!.firstAt);
    await passes(HOUR + MINUTE);
    expect(await taken(name)).toEqual(refs.map(({ meeting }) => meeting));
    expect((await bench.ledger.items.stepEvents(refs[0]!)).map(({ step, state }) => [step, state])).toEqual([['announce', 'done']]);
  });

  test('are of late arrivals alone when the others know', async () => {
    const { name } = await campaign([8 * HOUR]);
    const post = new Post();
    await post.announce(name);
    await found(name, `${name}-late`, 9 * HOUR);
    await bench.ledger.plans.assignWaves(name);
    await post.announce(name);
    expect(post.titles).toEqual([`about ${name}-0`, `about ${name}-late`]);
  });

  test('wait for nobody whose meeting would start on its old link: it is taken at once, told of at once, and not announced', async () => {
    const { name, refs } = await campaign([30 * MINUTE, 61 * MINUTE, 8 * HOUR, null]);
    const post = new Post();
    expect(await taken(name)).toEqual([refs[0]!.meeting, refs[1]!.meeting]);
    expect(await bench.ledger.announcements.isOver(refs[0]!)).toBe(false);
    await post.announce(name);
    expect(post.titles.toSorted()).toEqual([`about ${name}-2`, `about ${name}-3`]);
    expect((await bench.ledger.announcements.standing(name))!.tooSoon).toBe(0);
  });

  test.each([
    ['at once, when it could not wait for its announcement', HOUR, [], true],
    ['in the next digest, when its announcement is over', HOUR, ['announce', 'pass'], false],
    ['in the next digest, when the campaign announces nothing', undefined, [], false],
  ] as const)('make a difference to how its organiser is told of the new link: %s', async (_, announceMs, before, urgent) => {
    const { name, refs } = await campaign([8 * HOUR]);
    const [ref] = refs as [ItemRef];
    if (before.length > 0) await new Post().announce(name).then(() => passes(2 * HOUR));
    await bench.ledger.campaigns.save(aSpec(name, { graceMs: 24 * HOUR, notices: { ...usual, ...(announceMs === undefined ? {} : { announceMs }) } }));
    const legacy = aSnapshot(`${name}-0`);
    await bench.ledger.items.move(ref, 'running');
    await bench.ledger.items.saveSnapshot(ref, legacy, null);
    await bench.ledger.items.saveReplacement(ref, anIdentity('new'));
    const vendor: Partial<ConferencingVendor> = {
      readMeeting: () => Promise.resolve({ ...legacy, identity: anIdentity('new'), password: 'secret-other' }),
      intendedOptions: ({ options }) => ({ options, lost: [] }),
    };
    const steps = createRemediation({ ledger: bench.ledger, vendor: vendor as ConferencingVendor, lists: noLists(), identity: 'ops-1', quota: { identity: 1, host: 1, windowMs: 1 }, listLagMs: 0 });
    expect((await steps.verifyReplacement(ref)).urgent).toBe(urgent);
  });

  test('of a meeting that is moved to start sooner hold it up no longer', async () => {
    const { name, refs } = await campaign([8 * HOUR]);
    await new Post().announce(name);
    await found(name, `${name}-0`, 20 * MINUTE);
    await bench.ledger.plans.assignWaves(name);
    expect(await taken(name)).toEqual([refs[0]!.meeting]);
  });

  test('that nobody gets hold nothing up for longer, and are counted', async () => {
    const { name, refs } = await campaign([8 * HOUR]);
    const post = new Post();
    post.refuses = 'OrganiserUnreachable';
    expect(await post.announce(name)).toEqual({ sent: 0, bounced: 1 });
    expect(await bench.ledger.announcements.standing(name)).toMatchObject({ organisers: 0, meetings: 0, bounced: 1, toTell: { meetings: 0 } });
    expect(await taken(name)).toEqual([]);
    await passes(HOUR + MINUTE);
    expect(await taken(name)).toEqual([refs[0]!.meeting]);
    expect(await bench.ledger.announcements.isOver(refs[0]!)).toBe(true);
  });

  test('that the mail server does not take now are tried again, and nothing is begun meanwhile', async () => {
    const { name } = await campaign([8 * HOUR, 9 * HOUR], { hosts: ['ann@example.org', 'bob@example.org'] });
    const post = new Post();
    post.refuses = 'MailUnavailable';
    await expect(post.announce(name)).rejects.toMatchObject({ type: 'MailUnavailable' });
    await passes(2 * HOUR);
    expect(await taken(name)).toEqual([]);
    post.refuses = undefined;
    expect(await post.announce(name)).toEqual({ sent: 2, bounced: 0 });
    expect(await taken(name)).toEqual([]);
  });

  test('are the same message again when a worker died between the server’s acceptance and our note of it', async () => {
    const { name } = await campaign([8 * HOUR]);
    const post = new Post();
    const [id] = await bench.ledger.announcements.assign(name);
    await bench.ledger.announcements.open(id!); // and the mail is accepted, and nobody notes it
    await passes(2 * HOUR);
    expect(await taken(name)).toEqual([]);
    await post.announce(name);
    expect(post.mails.map(({ key }) => key)).toEqual([id]);
    await passes(HOUR - MINUTE);
    expect(await taken(name)).toEqual([]);
  });

  test('come from one worker only when several announce at once', async () => {
    const { name } = await campaign([8 * HOUR, 9 * HOUR, 10 * HOUR], { hosts: ['ann@example.org', 'bob@example.org', 'ann@example.org'] });
    const post = new Post();
    await Promise.all(Array.from({ length: 4 }, () => post.announce(name)));
    expect(post.mails).toHaveLength(2);
    expect(new Set(post.titles).size).toBe(3);
  });

  test('do not name what was exempt by then; and what an answer has exempted leaves the queue before its time', async () => {
    const { name, refs } = await campaign([8 * HOUR, 9 * HOUR]);
    const grant = (ref: ItemRef) => bench.ledger.exemptions.grant(name, [{ subject: { meeting: ref.meeting }, until: inMs(24 * HOUR), by: 'Robin', reason: 'asked', seen: 0 }]);
    const post = new Post();
    await bench.ledger.announcements.assign(name);
    await grant(refs[0]!);
    await post.announce(name);
    expect(post.titles).toEqual([`about ${name}-1`]);
    await grant(refs[1]!);
    await passes(2 * HOUR);
    expect(await taken(name)).toEqual([]);
    expect(await bench.stateOf(refs[1]!)).toBe('excluded');
  });

  test('wait for the start, for an approval, for an order and for the windows of notices', async () => {
    const { name } = await campaign([8 * HOUR]);
    const post = new Post();
    const { ledger } = bench;
    await ledger.campaigns.setOrder(name, 'pause');
    expect(await post.announce(name)).toEqual({ sent: 0, bounced: 0 });
    await ledger.campaigns.setOrder(name, 'go');
    const { spec } = await ledger.campaigns.get(name);
    const soon = new Date(Date.now() + 2 * HOUR).getUTCHours() * 60;
    await ledger.campaigns.save({ ...spec, windows: { writes: [], notices: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: soon, to: (soon + 60) % 1440, zone: 'UTC' }] } });
    expect(await post.announce(name)).toEqual({ sent: 0, bounced: 0 });
    await ledger.campaigns.save({ ...spec, approval: { firstWrite: true, waves: false, firstDeletion: false } });
    await ledger.gates.judge(name);
    expect(await post.announce(name)).toEqual({ sent: 0, bounced: 0 });
    await ledger.gates.approve(name, 'first-write', { by: 'Robin', reason: 'well' });
    expect(await post.announce(name)).toEqual({ sent: 1, bounced: 0 });

    const planned = aName();
    await ledger.campaigns.save(aSpec(planned, { notices: { ...usual, announceMs: HOUR } }));
    await found(planned, `${planned}-0`, 8 * HOUR);
    await ledger.plans.assignWaves(planned);
    expect(await post.announce(planned)).toEqual({ sent: 0, bounced: 0 });
  });

  test('stop between two mails when somebody orders it', async () => {
    const { name } = await campaign([8 * HOUR, 9 * HOUR], { hosts: ['ann@example.org', 'bob@example.org'] });
    const post = new Post();
    post.meanwhile = () => bench.ledger.campaigns.setOrder(name, 'pause');
    expect(await post.announce(name)).toEqual({ sent: 1, bounced: 0 });
  });

  test('are nothing that a campaign without the key knows', async () => {
    const { name, refs } = await bench.campaign(2, { waves: ['rest'] });
    await bench.ledger.campaigns.begin(name);
    expect(await new Post().announce(name)).toEqual({ sent: 0, bounced: 0 });
    expect(await bench.ledger.announcements.standing(name)).toBeUndefined();
    expect((await bench.ledger.plans.hostLoad(name, ['waiting'])).map(({ from }) => from)).toEqual([null]);
    expect(await taken(name)).toEqual(refs.map(({ meeting }) => meeting));
  });

  test('move the forecast of what they hold up', async () => {
    const { name } = await campaign([30 * MINUTE, 2 * HOUR, 8 * HOUR]);
    const load = await bench.ledger.plans.hostLoad(name, ['waiting']);
    expect(load.map(({ meetings, from }) => [meetings, from === null])).toEqual(expect.arrayContaining([[1, true], [2, false]]));
    const from = load.find((line) => line.from !== null)!.from!;
    expect(Date.parse(from) - Date.now()).toBeGreaterThan(HOUR - MINUTE);
    expect((await bench.ledger.plans.queue(name)).map((line) => line.from === null)).toEqual([true, false, false]);
  });
});

describe('whatever the order of events', () => {
  const STEP = 10 * MINUTE;
  const GUARDED = 1.5 * MINUTE; // of the guard of a minute
  const starts = fc.array(fc.option(fc.integer({ min: -3, max: 40 })), { minLength: 1, maxLength: 6 });
  const events = fc.array(fc.oneof(fc.constantFrom('tell', 'bounce', 'away', 'die', 'claim', 'claim one').map((what) => [what, 0] as const), fc.integer({ min: 1, max: 9 }).map((n) => ['pass', n] as const)), { maxLength: 14 });

  test('nothing is begun early: each meeting is told of once and then left alone as long as was said, or could not be held up', async () => {
    await fc.assert(
      fc.asyncProperty(starts, events, async (from, steps) => {
        const { name, refs } = await campaign(from.map((n) => (n === null ? null : n * STEP)), { hosts: from.map((_, i) => `host-${i % 2}@example.org`) });
        const begun = Date.now();
        let passed = 0;
        const now = (): number => Date.now() + passed;
        /** By the title, in the time that has passed here. */
        const letters = new Map<string, { notBefore: number; times: number; outcome: 'sent' | 'bounced' | 'lost' }>();
        const post = new Post();
        let outcome: 'sent' | 'bounced' | 'lost' = 'sent';
        post.send = async (mail) => {
          if (mail.kind !== 'announced') throw new Error('a surprising mail');
          if (outcome === 'lost') throw new RelinkFailure('MailUnavailable', 'away');
          for (const { title } of mail.meetings) letters.set(title, { notBefore: Date.parse(mail.notBefore) + passed, times: (letters.get(title)?.times ?? 0) + 1, outcome });
          if (outcome === 'bounced') throw new RelinkFailure('OrganiserUnreachable', 'gone');
        };
        const begin = async (limit: number): Promise<void> => {
          for (const meeting of await taken(name, limit)) {
            const i = refs.findIndex((ref) => ref.meeting === meeting);
            const start = from[i];
            const told = letters.get(`about ${name}-${i}`);
            const couldObject = told !== undefined && told.notBefore <= now();
            const wouldStart = start !== null && start !== undefined && begun + start * STEP - GUARDED <= (told?.notBefore ?? now() + HOUR);
            expect([meeting, couldObject || wouldStart]).toEqual([meeting, true]);
          }
        };
        for (const [what, n] of steps) {
          if (what === 'pass') await passes(n * STEP).then(() => void (passed += n * STEP));
          else if (what === 'claim' || what === 'claim one') await begin(what === 'claim' ? 100 : 1);
          else if (what === 'die') for (const id of (await bench.ledger.announcements.assign(name)).slice(0, 1)) await bench.ledger.announcements.open(id);
          else {
            outcome = what === 'tell' ? 'sent' : what === 'bounce' ? 'bounced' : 'lost';
            await post.announce(name).catch(() => undefined);
          }
        }
        outcome = 'sent';
        await post.announce(name);
        await begin(100);
        await passes(HOUR + STEP).then(() => void (passed += HOUR + STEP));
        await begin(100);
        for (const { times } of letters.values()) expect(times).toBe(1);
        expect((await bench.claim(name, `left ${name}`, 0)).left).toBe(0);
      }),
      { numRuns: Number(process.env['RELINK_CASES'] ?? 40) },
    );
  });
});
