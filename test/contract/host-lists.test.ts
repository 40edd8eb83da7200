import { entryOf, HostLists, moment } from '../../activities/host-lists.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ShownMeeting } from '../../domain/ports.js';

const shown = (id: string): ShownMeeting => ({ id, number: `number ${id}`, link: `link ${id}`, item: {} });
const host = (hostEmail = 'robin@example.org') => ({ vendor: 'webex', site: '', id: 'a', hostEmail });

/** A vendor whose lists are answered one by one, when the test says so. */
class Vendor {
  readonly asked: string[] = [];
  private readonly waiting: { readonly answer: (meetings: readonly ShownMeeting[] | 'many') => void; readonly fail: (cause: unknown) => void }[] = [];

  listHost({ hostEmail }: { readonly hostEmail: string }): Promise<readonly ShownMeeting[] | 'many'> {
    this.asked.push(hostEmail);
    return new Promise((answer, fail) => this.waiting.push({ answer, fail }));
  }
  async answer(meetings: readonly ShownMeeting[] | 'many' = [shown('a')]): Promise<void> {
    (await this.next()).answer(meetings);
  }
  async fail(cause: RelinkFailure): Promise<void> {
    (await this.next()).fail(cause);
  }
  private async next() {
    for (let turns = 0; turns < 100; turns++) {
      const first = this.waiting.shift();
      if (first) return first;
      await Promise.resolve();
    }
    throw new Error('nobody asks');
  }
}

const subject = () => {
  const vendor = new Vendor();
  return { vendor, lists: new HostLists(vendor) };
};

describe('lists of a host', () => {
  test('serve all who need one of that time or earlier, whoever asked', async () => {
    const { vendor, lists } = subject();
    const before = moment();
    const [first, second] = [lists.since(host(), before), lists.since(host('ROBIN@example.org'), before)];
    await vendor.answer();
    expect(await first).toBe(await second);
    expect(await lists.since(host(), (await first)?.askedAt ?? 0)).toBe(await first);
    expect(vendor.asked).toHaveLength(1);
  });

  test('that were asked for earlier than is needed do not count', async () => {
    const { vendor, lists } = subject();
    const early = lists.since(host(), moment());
    await vendor.answer();
    await early;
    const since = moment();
    const late = lists.since(host(), since);
    await vendor.answer([]);
    expect((await late)?.askedAt).toBeGreaterThanOrEqual(since);
    expect((await late)?.meetings).toEqual([]);
  });

  test('are asked for one at a time: all who come while one is under way share the next', async () => {
    const { vendor, lists } = subject();
    const first = lists.since(host(), moment());
    const later = Array.from({ length: 50 }, () => lists.since(host(), moment()));
    expect(vendor.asked).toHaveLength(1);
    await vendor.answer([]);
    await vendor.answer();
    await first;
    expect(new Set(await Promise.all(later)).size).toBe(1);
    expect(vendor.asked).toHaveLength(2);
  });

  test('of two hosts have nothing to do with each other', async () => {
    const { vendor, lists } = subject();
    const both = [lists.since(host(), 0), lists.since(host('noor@example.org'), 0)];
    await vendor.answer();
    await vendor.answer([]);
    expect((await Promise.all(both)).map((list) => list?.meetings.length)).toEqual([1, 0]);
  });

  test('of a worker serve that worker alone', async () => {
    const vendor = new Vendor();
    const [one, other] = [new HostLists(vendor), new HostLists(vendor)];
    const first = one.since(host(), 0);
    await vendor.answer();
    await first;
    const second = other.since(host(), 0);
    await vendor.answer();
    await second;
    expect(vendor.asked).toHaveLength(2);
  });

  test('that fail fail for all who wait, and are asked for anew by the next', async () => {
    const { vendor, lists } = subject();
    const both = Promise.allSettled([lists.since(host(), 0), lists.since(host(), 0)]);
    await vendor.fail(new RelinkFailure('VendorUnavailable', 'no answer'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = lists.since(host(), 0);
    await vendor.answer();
    expect((await again)?.meetings).toHaveLength(1);
  });

  test.each(['VendorRefused', 'Forbidden', 'MeetingGone'] as const)('that are answered by %s are none: each meeting is asked for by itself', async (type) => {
    const { vendor, lists } = subject();
    const list = lists.since(host(), 0);
    await vendor.fail(new RelinkFailure(type, 'no'));
    expect(await list).toBeUndefined();
  });

  test('of a host who has too many are not asked for again and again', async () => {
    const { vendor, lists } = subject();
    const list = lists.since(host(), 0);
    await vendor.answer('many');
    expect(await list).toBeUndefined();
    expect(await lists.since(host(), moment())).toBeUndefined();
    expect(await lists.showing(host(), 0)).toBeUndefined();
    expect(vendor.asked).toHaveLength(1);
  });

  test('read for an inventory say what they show, and prove nothing', async () => {
    const { vendor, lists } = subject();
    lists.keep(host(), moment(), [shown('a')]);
    expect(await lists.showing(host(), 0)).toEqual(shown('a'));
    const proof = lists.since(host(), 0);
    await vendor.answer([]);
    expect((await proof)?.meetings).toEqual([]);
  });

  test('that are too old to show a meeting are asked for anew, and so are those that do not show it', async () => {
    const { vendor, lists } = subject();
    lists.keep(host(), moment() - 100, [shown('a')]);
    const anew = lists.showing(host(), moment() - 50);
    await vendor.answer([shown('b')]);
    expect(await anew).toBeUndefined();
    const again = lists.showing(host(), 0);
    await vendor.answer();
    expect(await again).toEqual(shown('a'));
  });

  test('that are under way show whom they show to all who come meanwhile, and another is asked for only by those whom they do not show', async () => {
    const { vendor, lists } = subject();
    const since = moment();
    const [first, second, third] = ['a', 'b', 'c'].map((id) => lists.showing({ ...host(), id }, since));
    await vendor.answer([shown('a'), shown('b')]);
    expect([await first, await second]).toEqual([shown('a'), shown('b')]);
    await vendor.answer([shown('c')]);
    expect(await third).toEqual(shown('c'));
    expect(vendor.asked).toHaveLength(2);
  });

  test('that are under way and began too early show nobody', async () => {
    const { vendor, lists } = subject();
    const early = lists.showing(host(), 0);
    const late = lists.showing(host(), moment());
    await vendor.answer();
    expect(await early).toEqual(shown('a'));
    await vendor.answer([]);
    expect(await late).toBeUndefined();
  });

  test('that cannot be had are not asked for by each who waited', async () => {
    const { vendor, lists } = subject();
    const both = [lists.showing(host(), 0), lists.showing(host(), 0)];
    await vendor.fail(new RelinkFailure('Forbidden', 'no'));
    expect(await Promise.all(both)).toEqual([undefined, undefined]);
    expect(vendor.asked).toHaveLength(1);
  });

  test('are forgotten, the oldest first, before they fill the memory', async () => {
    const { vendor, lists } = subject();
    const thousand = Array.from({ length: 1_000 }, (_, i) => shown(`m${i}`));
    for (let i = 0; i < 5; i++) lists.keep(host(`person-${i}@example.org`), moment(), thousand);
    const old = lists.showing({ ...host('person-0@example.org'), id: 'm7' }, 0);
    await vendor.answer([]);
    expect(await old).toBeUndefined();
    expect(await lists.showing({ ...host('person-4@example.org'), id: 'm7' }, 0)).toEqual(shown('m7'));
    expect(vendor.asked).toEqual(['person-0@example.org']);
  });

  test('tell one entry from another by its id alone', () => {
    expect(entryOf({ askedAt: 0, whole: true, meetings: [shown('a'), shown('b')] }, { id: 'b' })).toEqual(shown('b'));
    expect(entryOf({ askedAt: 0, whole: true, meetings: [shown('a')] }, { id: 'number a' })).toBeUndefined();
  });
});
