import { canonical } from '../../domain/canonical.js';
import { compare, differences } from '../../domain/compare.js';
import type { MeetingSnapshot } from '../../domain/meeting.js';

const NOW = Date.parse('2026-03-01T00:00:00.000Z');
const occurrence = (day: string) => ({ start: `2026-03-${day}T09:00:00.000Z`, end: `2026-03-${day}T10:00:00.000Z` });

const legacy: MeetingSnapshot = {
  identity: { vendor: 'webex', site: 'example.webex.example.org', id: 'old', hostEmail: 'Ada@example.org', number: '111', link: 'https://example.org/old', sipAddress: '111@example.org' },
  kind: 'series',
  hostName: 'Ada',
  title: 'planning',
  timezone: 'Europe/Amsterdam',
  start: '2026-02-02T09:00:00.000Z',
  end: '2026-02-02T10:00:00.000Z',
  recurrence: 'FREQ=WEEKLY',
  occurrences: [occurrence('02'), occurrence('09'), occurrence('16')],
  options: { enabledJoinBeforeHost: true, publicMeeting: false },
  invitees: [{ email: 'b@example.org', coHost: false, panelist: false }],
  tags: [],
  password: 'old-secret',
};
const replacement: MeetingSnapshot = {
  ...legacy,
  identity: { ...legacy.identity, id: 'new', number: '222', link: 'https://example.org/new', sipAddress: '222@example.org', hostEmail: 'ada@example.org' },
  invitees: [{ email: 'B@example.org', displayName: 'Bob, by the vendor', coHost: false, panelist: false }],
  options: { enabledJoinBeforeHost: false, publicMeeting: false },
  password: 'new-secret',
};
const intended = { enabledJoinBeforeHost: false, publicMeeting: false };
const against = (changes: Partial<MeetingSnapshot>) => differences(legacy, { ...replacement, ...changes }, intended, NOW);

describe('a replacement read against its legacy', () => {
  test('is right when only handles, passcode, the case of addresses and a display name differ', () => expect(against({})).toEqual([]));

  test.each(['id', 'number', 'link', 'sipAddress'] as const)('must not share the %s', (handle) => {
    expect(against({ identity: { ...replacement.identity, [handle]: legacy.identity[handle] } })).toEqual([handle]);
  });
  test('must have a passcode of its own', () => {
    expect(against({ password: 'old-secret' })).toEqual(['password']);
    const { password: _, ...without } = replacement;
    expect(differences(legacy, without, intended, NOW)).toEqual(['password']);
  });
  test('must have one of its own for phones too, wherever somebody can dial in', () => {
    const dialled = { ...legacy, phonePassword: '11111111' };
    const at = (identity: object, phonePassword?: string) => differences(dialled, { ...replacement, phonePassword, identity: { ...replacement.identity, ...identity } }, intended, NOW);
    expect(at({ accessCode: '222' }, '22222222')).toEqual([]);
    expect([at({ accessCode: '222' }, '11111111'), at({ accessCode: '222' }), at({}, '11111111')]).toEqual([['phonePassword'], ['phonePassword'], ['phonePassword']]);
    expect(at({})).toEqual([]);
  });
  test('must have the descriptions that it is to have instead, its own and those of changed occurrences', () => {
    const change = (agenda: string) => ({ original: occurrence('09').start, held: { ...occurrence('09'), title: 'x', agenda, invitees: legacy.invitees } });
    const old = { ...legacy, agenda: 'join at old', changes: [change('as old')] };
    const texts = { agenda: 'join at […]', changes: [change('as […]')] };
    const rows = (changes: Partial<MeetingSnapshot>) => compare({ legacy: old, replacement: { ...replacement, ...texts, ...changes }, intended, lost: [], texts, now: NOW }).filter(({ field }) => field === 'agenda' || field === 'changes');
    expect(rows({})).toEqual([{ field: 'agenda', verdict: 'intended' }, { field: 'changes', verdict: 'intended' }]);
    expect(rows({ agenda: old.agenda, changes: old.changes })).toEqual([{ field: 'agenda', verdict: 'different' }, { field: 'changes', verdict: 'different' }]);
  });
  describe('where single occurrences have settings of their own', () => {
    const change = (options?: Record<string, unknown>, title = legacy.title) => ({ original: occurrence('09').start, held: { ...occurrence('09'), title, invitees: legacy.invitees, options } });
    const rowsOf = (was: ReturnType<typeof change>[], must: ReturnType<typeof change>[], is: ReturnType<typeof change>[], now = NOW) =>
      compare({ legacy: { ...legacy, changes: was }, replacement: { ...replacement, changes: is }, intended, lost: [], texts: { changes: must }, now }).flatMap(({ field, verdict }) => (field.startsWith('changes') ? [[field, verdict]] : []));
    const own = change({ publicMeeting: true, deep: { a: 1, b: 2 } });

    test('must have each of them, by its own name', () => {
      expect(rowsOf([own], [own], [own])).toEqual([['changes', 'equal'], ['changes.publicMeeting', 'equal'], ['changes.deep.a', 'equal'], ['changes.deep.b', 'equal']]);
      expect(rowsOf([own], [own], [change({ publicMeeting: true, deep: { a: 1, b: 3 } })]).at(-1)).toEqual(['changes.deep.b', 'different']);
      expect(rowsOf([own], [own], []).map(([, verdict]) => verdict)).toEqual(['equal', 'different', 'different', 'different']);
      expect(rowsOf([], [], [own]).filter(([, verdict]) => verdict === 'different').map(([field]) => field)).toEqual(['changes.publicMeeting']);
    });
    test('must have the setting of the series where the policy asks for it', () => {
      const [was, must] = [change({ enabledJoinBeforeHost: false }), change({ enabledJoinBeforeHost: true })];
      expect(rowsOf([was], [], [])).toEqual([['changes', 'equal'], ['changes.enabledJoinBeforeHost', 'equal']]);
      expect(rowsOf([must], [], [])).toEqual([['changes', 'equal'], ['changes.enabledJoinBeforeHost', 'intended']]);
      expect(rowsOf([must], [], [must])).toEqual([['changes', 'equal'], ['changes.enabledJoinBeforeHost', 'different']]);
    });
    test('may lack those of what is over, and not the rest of a change', () => {
      expect(rowsOf([own], [own], [], Date.parse(occurrence('09').end))).toEqual([['changes', 'equal']]);
      expect(rowsOf([change({ publicMeeting: true }, 'x')], [change({ publicMeeting: true }, 'x')], [change({ publicMeeting: true })])[0]).toEqual(['changes', 'different']);
    });
    test('must have their parts, in any order, and none where they have none', () => {
      const places = [{ name: 'a', invitees: ['b@example.org'] }, { name: 'b', invitees: [] }];
      const parted = (sessions?: typeof places) => ({ ...change(), held: { ...change().held, parts: sessions ? { sessions } : {} } });
      expect(rowsOf([parted(places)], [parted(places)], [parted(places.toReversed())])).toEqual([['changes', 'equal'], ['changes.sessions', 'equal']]);
      expect(rowsOf([parted(places)], [parted(places)], [parted(places.slice(1))])).toEqual([['changes', 'equal'], ['changes.sessions', 'different']]);
      expect(rowsOf([], [], [parted(places)])).toEqual([['changes', 'equal'], ['changes.sessions', 'different']]);
      expect(rowsOf([parted([])], [parted([])], [parted()])).toEqual([['changes', 'equal'], ['changes.sessions', 'different']]);
    });
    test('shows the worst of them', () => {
      const other = { ...own, original: occurrence('16').start, held: { ...own.held, ...occurrence('16') } };
      expect(rowsOf([own, other], [own, other], [own]).slice(0, 2)).toEqual([['changes', 'equal'], ['changes.publicMeeting', 'different']]);
    });
  });
  test('must keep title, zone, kind and host', () => {
    expect(against({ title: 'x', timezone: 'UTC', kind: 'single', identity: { ...replacement.identity, hostEmail: 'z@example.org' } })).toEqual(['host', 'title', 'timezone', 'kind']);
  });
  test('must have every occurrence still to come, and no other', () => {
    expect(against({ occurrences: legacy.occurrences.slice(0, 2) })).toEqual(['occurrences']);
    expect(against({ occurrences: legacy.occurrences.slice(1) })).toEqual(['occurrences']);
    expect(against({ occurrences: [...legacy.occurrences, occurrence('23')] })).toEqual(['occurrences']);
    expect(against({ occurrences: [] })).toEqual(['occurrences']);
  });
  test('may begin later when an occurrence has begun since the snapshot', () => {
    const later = Date.parse(occurrence('02').start) + 1;
    expect(differences(legacy, { ...replacement, occurrences: legacy.occurrences.slice(1) }, intended, later)).toEqual([]);
  });
  test('must have the same people in the same roles', () => {
    expect(against({ invitees: [] })).toEqual(['invitees']);
    expect(against({ invitees: [{ email: 'b@example.org', coHost: false, panelist: true }] })).toEqual(['invitees']);
    expect(against({ invitees: [{ email: 'b@example.org', coHost: true, panelist: false }] })).toEqual(['coHosts']);
  });
  test('must have the same attached to it, in whatever order, under whatever display name', () => {
    const parts = { breakoutSessions: [{ name: 'a', invitees: ['b@example.org'] }, { name: 'b', invitees: [] }], interpreters: [{ email: 'i@example.org', displayName: 'Ines' }] };
    const prepared = { ...legacy, parts };
    const compared = (changes: Partial<typeof parts>) => differences(prepared, { ...replacement, parts: { ...parts, ...changes } }, intended, NOW);
    expect(compared({ breakoutSessions: parts.breakoutSessions.toReversed(), interpreters: [{ email: 'i@example.org', displayName: 'Ines, by the vendor' }] })).toEqual([]);
    expect(compared({ breakoutSessions: parts.breakoutSessions.slice(1) })).toEqual(['breakoutSessions']);
    expect(compared({ breakoutSessions: [...parts.breakoutSessions, { name: 'b', invitees: [] }] })).toEqual(['breakoutSessions']);
    expect(differences(prepared, replacement, intended, NOW)).toEqual(['breakoutSessions', 'interpreters']);
    expect(against({ parts: { breakoutSessions: [] } })).toEqual(['breakoutSessions']);
  });
  test('must show the options that the policy asks for, whatever the legacy had', () => {
    expect(against({ options: legacy.options })).toEqual(['enabledJoinBeforeHost']);
  });
});

test('canonical text is the same for equal values in any order of keys', () => {
  expect(canonical({ b: [1, { d: 2, c: null }], a: 'x', e: undefined })).toBe(canonical({ a: 'x', b: [1, { c: null, d: 2 }] }));
  expect(canonical([1, 2])).not.toBe(canonical([2, 1]));
});
