import fc from 'fast-check';
import pc from 'picocolors';
import { explained, fidelityLines } from '../../client/show/fidelity.js';
import { canonical } from '../../domain/canonical.js';
import { compare, fidelityOf, fieldsThatDiffer, type ComparedField } from '../../domain/compare.js';
import { fidelityVerdicts, whyOf } from '../../domain/fidelity.js';
import type { MeetingIdentity, MeetingSnapshot } from '../../domain/meeting.js';
import { compareRooms } from '../../domain/rooms.js';

const NOW = Date.parse('2026-03-01T00:00:00.000Z');
const at = fc.integer({ min: 1, max: 500 }).map((hours) => new Date(NOW + hours * 3_600_000).toISOString());
const word = fc.constantFrom('a', 'b', 'c');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const identity: fc.Arbitrary<MeetingIdentity> = fc.record({
  vendor: fc.constant('webex'), site: word, hostEmail: word, id: word, number: word, link: word, sipAddress: maybe(word), accessCode: maybe(word),
});
const occurrence = fc.record({ start: at, end: at });
const invitee = fc.record({ email: word, displayName: word, coHost: fc.boolean(), panelist: fc.boolean() });
const setting = fc.oneof(word, fc.boolean(), fc.array(word, { maxLength: 2 }));
const settings = fc.dictionary(fc.constantFrom('one', 'two', 'deep'), fc.oneof(setting, fc.dictionary(fc.constantFrom('x', 'y'), setting, { minKeys: 1 })));
const snapshot: fc.Arbitrary<MeetingSnapshot> = fc.record({
  identity,
  kind: fc.constantFrom('single', 'series'),
  hostName: word,
  title: word,
  agenda: maybe(word),
  timezone: word,
  start: at,
  end: at,
  recurrence: maybe(word),
  occurrences: fc.array(occurrence, { maxLength: 3 }),
  changes: maybe(fc.array(fc.record({ original: at, held: maybe(fc.record({ start: at, end: at, title: word, invitees: fc.array(invitee, { maxLength: 1 }) })) }), { maxLength: 2 })),
  options: settings,
  invitees: fc.array(invitee, { maxLength: 2 }),
  parts: maybe(fc.dictionary(fc.constantFrom('sessions', 'forms'), fc.array(fc.record({ name: word }), { maxLength: 2 }))),
  tags: fc.array(word, { maxLength: 2 }),
  password: maybe(word),
  phonePassword: maybe(word),
  panelistPassword: maybe(word),
  phonePanelistPassword: maybe(word),
});
/** Passcodes that only some meetings have. */
const ofSome = ['phonePassword', 'panelistPassword', 'phonePanelistPassword'] as const;
const facts = fc.record({ legacy: snapshot, replacement: snapshot, intended: settings, lost: fc.subarray(['hostKey', 'title', 'sessions', 'one']), now: fc.constant(NOW) });

/** By name: what a reader of both would see in the field. Written apart from the comparison, so it knows nothing of its rules. */
function valuesOf({ identity: handles, options, parts = {}, ...rest }: MeetingSnapshot): ReadonlyMap<string, string> {
  const { hostEmail, ...others } = handles;
  const values = new Map<string, unknown>([...Object.entries({ host: hostEmail, ...others, changes: undefined, recurrence: undefined, agenda: undefined, password: undefined, phonePassword: undefined, panelistPassword: undefined, phonePanelistPassword: undefined, ...rest }), ...Object.entries(parts)]);
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'object' || Array.isArray(value)) values.set(name, value);
    else for (const [inner, deep] of Object.entries(value as object)) values.set(`${name}.${inner}`, deep);
  }
  return new Map([...values].map(([name, value]) => [name, canonical(value)]));
}

/** What is off may be left out. */
const shown = (text: string | undefined): string => (text === undefined || text === 'null' ? 'false' : text);
const listed = ['invitees', 'tags', 'changes', 'sessions', 'forms']; // in any order, and an invitee once

describe('a comparison field by field', () => {
  test('names every field of either meeting, every setting and every part exactly once', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const fields = compare(given).map(({ field }) => field);
        const intended = valuesOf({ ...given.legacy, options: given.intended, parts: {} });
        const expected = new Set([...valuesOf(given.legacy).keys(), ...valuesOf(given.replacement).keys(), ...intended.keys(), ...given.lost]);
        for (const field of ofSome) if (given.legacy[field] === undefined && given.replacement[field] === undefined && !given.lost.includes(field)) expected.delete(field);
        if ([given.legacy, given.replacement].some(({ invitees, changes = [] }) => [...invitees, ...changes.flatMap(({ held }) => held?.invitees ?? [])].some(({ coHost }) => coHost))) expected.add('coHosts');
        expect(fields.toSorted()).toEqual([...expected].toSorted());
      }),
    );
  });

  test('never calls a changed field equal', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const [was, is] = [valuesOf(given.legacy), valuesOf(given.replacement)];
        const equal = compare(given).flatMap(({ field, verdict }) => (verdict === 'equal' && !listed.includes(field) ? [field] : []));
        expect(equal.filter((field) => shown(was.get(field)) !== shown(is.get(field)))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  const full: MeetingSnapshot = {
    identity: { vendor: 'webex', site: 's', hostEmail: 'h@example.org', id: 'i', number: '1', link: 'l', sipAddress: '1@example.org', accessCode: '1' },
    kind: 'series', hostName: 'H', title: 't', agenda: 'text', timezone: 'UTC', start: '2026-03-02T09:00:00.000Z', end: '2026-03-02T10:00:00.000Z', recurrence: 'FREQ=WEEKLY',
    occurrences: [{ start: '2026-03-02T09:00:00.000Z', end: '2026-03-02T10:00:00.000Z' }], changes: [], options: { meetingOptions: { enabledChat: true, noteType: 'all' }, publicMeeting: true },
    invitees: [{ email: 'a@example.org', coHost: false, panelist: false }], parts: { sessions: [{ name: 'a' }] }, tags: ['a'], password: 'p',
  };
  const made: MeetingSnapshot = { ...full, identity: { ...full.identity, id: 'j', number: '2', link: 'm', sipAddress: '2@example.org', accessCode: '2' }, password: 'q', tags: ['a', 'relink:k'] };
  const rows = (changes: Partial<MeetingSnapshot>, { lost = [] as readonly string[], intended = full.options } = {}) => compare({ legacy: full, replacement: { ...made, ...changes }, intended, lost, now: NOW });
  const verdictOf = (compared: readonly ComparedField[], field: string) => compared.find((row) => row.field === field)?.verdict;

  test('finds nothing wrong with a good replacement, and only handles, passcode and tags on purpose', () => {
    const compared = rows({});
    expect(fieldsThatDiffer(compared)).toEqual([]);
    expect(fidelityOf(compared).filter(({ verdict }) => verdict === 'intended').map(({ field }) => field)).toEqual(['id', 'number', 'link', 'sipAddress', 'accessCode', 'password', 'tags']);
  });

  test.each<[string, Partial<MeetingSnapshot>]>([
    ['agenda', { agenda: 'other text' }],
    ['agenda', { agenda: undefined }],
    ['site', { identity: { ...made.identity, site: 'other' } }],
    ['invitees', { invitees: [{ email: 'a@example.org', coHost: false, panelist: true }] }],
    ['coHosts', { invitees: [{ email: 'a@example.org', coHost: true, panelist: false }] }],
    ['sessions', { parts: { sessions: [] } }],
    ['recurrence', { recurrence: undefined }],
    ['changes', { changes: [{ original: '2026-03-09T09:00:00.000Z' }] }],
    ['meetingOptions.enabledChat', { options: { ...full.options, meetingOptions: { enabledChat: false, noteType: 'all' } } }],
    ['meetingOptions.enabledPolling', { options: { ...full.options, meetingOptions: { ...(full.options['meetingOptions'] as object), enabledPolling: true } } }],
    ['publicMeeting', { options: { meetingOptions: full.options['meetingOptions'] } }],
  ])('calls %s different when it is not as it must be', (field, changes) => expect(fieldsThatDiffer(rows(changes))).toEqual([field]));

  test('takes line ends and blanks around the agenda for the vendor’s, and none for an empty one', () => {
    expect(verdictOf(compare({ legacy: { ...full, agenda: 'a\nb' }, replacement: { ...made, agenda: 'a\r\nb\n' }, intended: full.options, lost: [], now: NOW }), 'agenda')).toBe('equal');
    expect(verdictOf(compare({ legacy: { ...full, agenda: '' }, replacement: { ...made, agenda: undefined }, intended: full.options, lost: [], now: NOW }), 'agenda')).toBe('equal');
  });

  test('tells what is meant to differ, what the vendor set, and what is lost', () => {
    const compared = rows({ options: { ...full.options, publicMeeting: false, reminderTime: 10 }, hostName: 'Other', tags: ['relink:k'], identity: { ...made.identity, sipAddress: undefined } }, { lost: ['hostKey'], intended: { publicMeeting: false } });
    const verdicts = ['publicMeeting', 'reminderTime', 'hostName', 'tags', 'sipAddress', 'hostKey'].map((field) => verdictOf(compared, field));
    expect(verdicts).toEqual(['intended', 'intended', 'intended', 'lost', 'lost', 'lost']);
  });

  test('does not excuse a difference because another field is lost, and does excuse one that the vendor cannot carry', () => {
    expect(verdictOf(rows({ parts: {} }, { lost: ['hostKey'] }), 'sessions')).toBe('different');
    expect(verdictOf(rows({ parts: {} }, { lost: ['sessions'] }), 'sessions')).toBe('lost');
    expect(verdictOf(rows({}, { lost: ['sessions'] }), 'sessions')).toBe('equal');
  });

  test('of a personal room is of its handles and settings, and every other setting is a difference', () => {
    expect(fieldsThatDiffer(compareRooms(full, made))).toEqual([]);
    expect(compareRooms(full, made).map(({ field }) => field)).toEqual(['id', 'number', 'link', 'sipAddress', 'accessCode', 'meetingOptions.enabledChat', 'meetingOptions.noteType', 'publicMeeting']);
    expect(fieldsThatDiffer(compareRooms(full, { ...made, options: { ...full.options, topic: 'x' } }))).toEqual(['topic']);
  });
});

test('every verdict on every field is explained in plain words', () => {
  for (const verdict of fidelityVerdicts) for (const field of ['id', 'title', 'tags', 'meetingOptions.enabledChat', 'changes.meetingOptions.enabledChat', 'hostKey']) expect(whyOf({ field, verdict })).toMatch(/^[a-z][^.]+$/);
  expect(whyOf({ field: 'link', verdict: 'intended' })).toContain('guess');
  expect(whyOf({ field: 'publicMeeting', verdict: 'intended' })).toContain('policy');
  expect(whyOf({ field: 'changes.publicMeeting', verdict: 'lost' })).toContain('single occurrences');
  expect(whyOf({ field: 'changes.trackingCodes.Region', verdict: 'lost' })).toBe(whyOf({ field: 'trackingCodes.Region', verdict: 'lost' }));
});

test('a meeting is shown with a row for each field, in names alone', () => {
  const text = fidelityLines(explained([{ field: 'hostKey', verdict: 'lost' }, { field: 'link', verdict: 'intended' }, { field: 'title', verdict: 'equal' }]), pc.createColors(false)).join('\n');
  expect(text).toContain('1 field equal, 1 different on purpose, 1 lost');
  expect(text).toMatch(/^hostKey +lost +cannot be carried over/m);
  expect(text).toMatch(/^title +equal +as it was/m);
  expect(fidelityLines([], pc.createColors(false))).toEqual([]);
});
