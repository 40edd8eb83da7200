import fc from 'fast-check';
import type { ItemRef } from '../../domain/ledger.js';
import { aHost, LedgerBench } from '../support/ledger.js';
import { aFinding, anIdentity, aSnapshot } from '../support/specs.js';

const bench = LedgerBench.inThisFile();

describe('notices', () => {
  test('go out once per organiser, and the same digest keeps its id until it is sent', async () => {
    const { name, refs } = await bench.campaign(3);
    const { notices } = bench.ledger;
    for (const ref of refs) await bench.replaced(ref);
    for (const ref of [...refs, ...refs]) await notices.queue(ref, 'replaced', ['recordings']);
    expect(await notices.told(refs[0]!)).toBe('pending');
    const [digest, ...more] = await notices.assign(name);
    expect(more).toEqual([]);
    expect(await notices.assign(name)).toEqual([digest]);
    const opened = await notices.open(digest!);
    expect(opened).toMatchObject({ id: digest, kind: 'replaced', campaign: name, to: { email: aHost.email, name: 'secret-name' } });
    expect(opened?.entries.map(({ meeting }) => meeting).toSorted()).toEqual(refs.map(({ meeting }) => meeting).toSorted());
    expect(opened?.entries[0]).toMatchObject({ lost: ['recordings'], snapshot: { title: 'secret-title' }, replacement: { link: expect.any(String) } });
    await notices.sent(digest!);
    expect(await notices.open(digest!)).toBeUndefined();
    expect(await notices.assign(name)).toEqual([]);
    expect(await notices.told(refs[0]!)).toBe('sent');
    expect((await bench.ledger.plans.status(name, 1000)).notices).toEqual({ queued: 0, sent: 3, bounced: 0 });
  });

  test('are put into one mail each, also when several workers put digests together at once', async () => {
    const { name, refs } = await bench.campaign(9, { waves: ['rest'] });
    const { notices } = bench.ledger;
    for (const ref of refs) await bench.replaced(ref);
    const working = refs.flatMap((ref) => [notices.queue(ref, 'replaced', []), notices.assign(name).then(() => undefined)]);
    await Promise.all(working);
    const digests = await Promise.all((await notices.assign(name)).map((id) => notices.open(id)));
    const meetings = digests.flatMap((digest) => digest?.entries.map(({ meeting }) => meeting) ?? []);
    expect(meetings.toSorted()).toEqual(refs.map(({ meeting }) => meeting).toSorted());
  });

  test('of different organisers are never in one mail', async () => {
    const { name, refs } = await bench.campaign(1);
    const identity = anIdentity(`${name}-other`, 'other.host@example.org');
    await bench.find(name, [aFinding(`${name}-other`, { identity })], { host: { ...aHost, email: 'other.host@example.org' } });
    const other = bench.ref(name, identity);
    for (const ref of [refs[0]!, other]) await bench.replaced(ref);
    await bench.ledger.items.saveSnapshot(other, { ...aSnapshot('x'), identity }, null);
    for (const ref of [refs[0]!, other]) await bench.ledger.notices.queue(ref, 'replaced', []);
    const digests = await Promise.all((await bench.ledger.notices.assign(name)).map((id) => bench.ledger.notices.open(id)));
    expect(Object.fromEntries(digests.map((digest) => [digest?.to.email, digest?.entries.length]))).toEqual({ 'other.host@example.org': 1, [aHost.email]: 1 });
    expect(digests).toHaveLength(2);
  });

  test('that are urgent go out alone, the others stay queued', async () => {
    const { name, refs } = await bench.campaign(2);
    for (const ref of refs) await bench.replaced(ref);
    for (const ref of refs) await bench.ledger.notices.queue(ref, 'replaced', []);
    const [digest, ...more] = await bench.ledger.notices.assign(name, refs[1]);
    expect(more).toEqual([]);
    expect((await bench.ledger.notices.open(digest!))?.entries.map(({ meeting }) => meeting)).toEqual([refs[1]!.meeting]);
    await bench.ledger.notices.sent(digest!);
    expect(await bench.ledger.notices.told(refs[0]!)).toBe('pending');
    expect(await bench.ledger.notices.pending(name)).toBe(1);
  });

  describe('of an edit that was followed', () => {
    const NOW = new Date().toISOString();
    const followed = { snapshot: aSnapshot('edited', { title: 'other-title' }), startsAt: null, verifiedAt: NOW, graceEndsAt: NOW, fidelity: [{ field: 'polls', verdict: 'lost' }], edited: ['title'] } as const;
    const scene = async () => {
      const { name, refs } = await bench.campaign(1);
      const [ref] = refs as [(typeof refs)[number]];
      await bench.replaced(ref);
      await bench.told(ref);
      await bench.ledger.followed.save(ref, followed);
      return { name, ref };
    };

    test('count: nobody is told until the last of them is sent', async () => {
      const { name, ref } = await scene();
      const { notices, items, followed: book } = bench.ledger;
      for (const _ of ['first', 'second']) {
        expect(await notices.told(ref)).toBe('pending');
        const [digest = ''] = await notices.assign(name);
        expect(await notices.open(digest)).toMatchObject({ kind: 'changed', entries: [{ edited: ['title'], lost: ['polls'], snapshot: { title: 'other-title' } }] });
        await notices.sent(digest);
        expect(await notices.told(ref)).toBe('sent');
        if (_ === 'first') await book.save(ref, followed);
      }
      expect((await items.readSnapshot(ref)).fingerprint).toBe(items.fingerprint(followed.snapshot));
    });

    test('that bounced leave the organiser untold', async () => {
      const { name, ref } = await scene();
      const [digest = ''] = await bench.ledger.notices.assign(name);
      await bench.ledger.notices.bounced(digest);
      expect(await bench.ledger.notices.told(ref)).toBe('bounced');
    });

    test('are not sent of what is put back: one correction says it all', async () => {
      const { name, ref } = await scene();
      await bench.ledger.notices.retract(ref);
      await bench.ledger.items.clearReplacement(ref);
      const digests = await Promise.all((await bench.ledger.notices.assign(name)).map((id) => bench.ledger.notices.open(id)));
      expect(digests.map((digest) => digest?.kind)).toEqual(['correction']);
    });

    test('are of meetings in grace alone', async () => {
      const { ref } = await scene();
      await bench.ledger.items.move(ref, 'held', { failure: 'LegacyChanged' });
      await expect(bench.ledger.followed.save(ref, followed)).rejects.toMatchObject({ type: 'InvalidInput' });
    });
  });

  test('need a verified replacement', async () => {
    const { refs } = await bench.campaign(1);
    await bench.ledger.items.move(refs[0]!, 'running');
    await bench.ledger.items.saveSnapshot(refs[0]!, aSnapshot('x'), null);
    await expect(bench.ledger.notices.queue(refs[0]!, 'replaced', [])).rejects.toMatchObject({ type: 'InvalidInput' });
    expect(await bench.ledger.notices.told(refs[0]!)).toBe('none');
  });

  test('about a later replacement are new notices: being told of the first does not count', async () => {
    const { refs } = await bench.campaign(1);
    const ref = refs[0]!;
    await bench.replaced(ref);
    await bench.told(ref);
    await bench.ledger.items.saveReplacement(ref, anIdentity('second'));
    expect(await bench.ledger.notices.told(ref)).toBe('none');
    await bench.told(ref);
    expect(await bench.ledger.notices.told(ref)).toBe('sent');
  });

  test('that bounced tell which meetings nobody knows of, each time they are asked, and need no correction', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!);
    await bench.ledger.notices.queue(refs[0]!, 'replaced', []);
    const [digest] = await bench.ledger.notices.assign(name);
    for (const _ of [1, 2]) expect(await bench.ledger.notices.bounced(digest!)).toEqual([refs[0]]);
    expect(await bench.ledger.notices.told(refs[0]!)).toBe('bounced');
    await bench.ledger.notices.retract(refs[0]!);
    expect(await bench.ledger.notices.assign(name)).toEqual([]);
    expect(await bench.ledger.notices.pending(name)).toBe(0);
  });

  test('that were sent stay sent, whatever a belated second attempt says', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!);
    await bench.ledger.notices.queue(refs[0]!, 'replaced', []);
    const [digest] = await bench.ledger.notices.assign(name);
    await bench.ledger.notices.sent(digest!);
    expect(await bench.ledger.notices.bounced(digest!)).toEqual([]);
    expect(await bench.ledger.notices.told(refs[0]!)).toBe('sent');
  });
});

/** Its replacement is gone. */
async function putBack(ref: ItemRef): Promise<void> {
  await bench.ledger.items.clearReplacement(ref);
  await bench.ledger.items.move(ref, 'rolled-back');
}

describe('corrections', () => {
  test('go to those who have or may have the mail; what no mail holds is withdrawn', async () => {
    const { name, refs } = await bench.campaign(2);
    const [quiet, known] = refs as [ItemRef, ItemRef];
    for (const ref of refs) await bench.replaced(ref);
    await bench.told(known);
    await bench.ledger.notices.queue(quiet, 'replaced', []);
    for (const ref of [...refs, ...refs]) await bench.ledger.notices.retract(ref);
    expect(await Promise.all(refs.map((ref) => bench.ledger.notices.told(ref)))).toEqual(['none', 'none']);
    for (const ref of refs) await putBack(ref);
    const [correction, ...more] = await bench.ledger.notices.assign(name);
    expect(more).toEqual([]);
    expect(await bench.ledger.notices.open(correction!)).toMatchObject({ kind: 'correction', entries: [{ meeting: known.meeting }] });
    await bench.ledger.notices.sent(correction!);
    expect(await bench.ledger.notices.pending(name)).toBe(0);
  });

  test('know the old and the new link also after the replacement is gone from the ledger', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!, 'was');
    await bench.told(refs[0]!);
    await bench.ledger.notices.retract(refs[0]!);
    await bench.ledger.items.clearReplacement(refs[0]!);
    await bench.ledger.items.move(refs[0]!, 'waiting');
    const [correction] = await bench.ledger.notices.assign(name);
    expect((await bench.ledger.notices.open(correction!))?.entries).toMatchObject([{ replacement: anIdentity('new-was'), snapshot: { identity: anIdentity('was') } }]);
  });

  test('wait for the mail that they correct', async () => {
    const { name, refs } = await bench.campaign(1);
    await bench.replaced(refs[0]!);
    await bench.ledger.notices.queue(refs[0]!, 'replaced', []);
    const [digest] = await bench.ledger.notices.assign(name);
    await bench.ledger.notices.retract(refs[0]!);
    await bench.ledger.items.clearReplacement(refs[0]!);
    expect(await bench.ledger.notices.assign(name)).toEqual([digest]);
    await bench.ledger.notices.sent(digest!);
    const [correction] = await bench.ledger.notices.assign(name);
    expect((await bench.ledger.notices.open(correction!))?.kind).toBe('correction');
  });

  test('are not made necessary by a rollback of the whole campaign: who was not told yet of what is about to be put back is not told first', async () => {
    const { name, refs } = await bench.campaign(1);
    const [ref] = refs as [ItemRef];
    await bench.replaced(ref);
    await bench.ledger.notices.queue(ref, 'replaced', []);
    await bench.ledger.campaigns.setOrder(name, 'rollback');
    expect(await bench.ledger.notices.assign(name)).toEqual([]);
    await bench.ledger.notices.retract(ref);
    await putBack(ref);
    expect([await bench.ledger.notices.assign(name), await bench.ledger.notices.pending(name)]).toEqual([[], 0]);
  });

  test('of a rollback wait until one mail can cover all meetings of the organiser', async () => {
    const { name, refs } = await bench.campaign(2);
    for (const ref of refs) {
      await bench.replaced(ref);
      await bench.told(ref);
    }
    await bench.ledger.campaigns.setOrder(name, 'rollback');
    const [first, second] = refs as [ItemRef, ItemRef];
    await bench.ledger.notices.retract(first);
    await putBack(first);
    expect(await bench.ledger.notices.assign(name)).toEqual([]);
    await bench.ledger.notices.retract(second);
    await putBack(second);
    const [digest] = await bench.ledger.notices.assign(name);
    expect((await bench.ledger.notices.open(digest!))?.entries).toHaveLength(2);
  });

  test.each(['UndoFailed', 'LegacyDeleted'] as const)('are sent once the replacement is gone, and nobody waits for one whose meeting is held with %s', async (failure) => {
    const { name, refs } = await bench.campaign(1);
    const [ref] = refs as [ItemRef];
    const { notices, items, plans } = bench.ledger;
    await bench.replaced(ref);
    await bench.told(ref);
    await notices.retract(ref);
    expect([await notices.assign(name), await notices.pending(name)]).toEqual([[], 1]);
    await items.move(ref, 'held', { failure, failedStep: 'replace' });
    expect([await notices.assign(name), await notices.pending(name), (await plans.status(name, 1000)).notices.queued]).toEqual([[], 0, 0]);
    await putBack(ref);
    expect([(await notices.assign(name)).length, await notices.pending(name)]).toEqual([1, 1]);
  });
});

describe('whatever the order of events', () => {
  const events = fc.array(fc.tuple(fc.constantFrom('queue', 'retract', 'assign', 'urgent', 'deliver', 'bounce'), fc.nat(2)), { maxLength: 25 });

  test('everybody gets one notice, and one correction exactly when they were told and it was taken back', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (steps) => {
        const { notices } = bench.ledger;
        const { name, refs } = await bench.campaign(3);
        for (const ref of refs) await bench.replaced(ref);
        const mails: string[] = [];
        const retracted = new Set<string>();
        const close = async (id: string, how: 'sent' | 'bounced') => {
          const digest = await notices.open(id);
          for (const { meeting } of digest?.entries ?? []) if (how === 'sent') mails.push(`${digest?.kind} ${meeting}`);
          await notices[how](id);
        };
        for (const [what, which] of steps) {
          const ref = refs[which]!;
          if (what === 'queue' && !retracted.has(ref.meeting)) await notices.queue(ref, 'replaced', []);
          if (what === 'retract') {
            retracted.add(ref.meeting);
            await notices.retract(ref);
          }
          if (what === 'assign') await notices.assign(name);
          if (what === 'urgent') await notices.assign(name, ref);
          if (what === 'deliver' || what === 'bounce') for (const id of (await notices.assign(name)).slice(0, 1)) await close(id, what === 'deliver' ? 'sent' : 'bounced');
        }
        for (const ref of refs) if (retracted.has(ref.meeting)) await putBack(ref);
        for (let open = await notices.assign(name); open.length > 0; open = await notices.assign(name)) for (const id of open) await close(id, 'sent');

        expect(new Set(mails).size).toBe(mails.length);
        expect(await notices.pending(name)).toBe(0);
        const bounced = (await bench.ledger.plans.status(name, 1000)).notices.bounced;
        for (const { meeting } of refs) {
          const [told, corrected] = ['replaced', 'correction'].map((kind) => mails.includes(`${kind} ${meeting}`));
          if (corrected) expect(told && retracted.has(meeting)).toBe(true);
          if (bounced === 0) expect(corrected).toBe(told === true && retracted.has(meeting));
        }
      }),
      { numRuns: 25 },
    );
  });
});
