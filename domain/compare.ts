import { canonical } from './canonical.js';
import { changesLeft, keyOfChange, keysOf } from './changes.js';
import { asGuests, coHostsVerdict, hasCoHosts } from './co-hosts.js';
import type { FidelityVerdict, FieldFidelity } from './fidelity.js';
import type { Invitee, MeetingIdentity, MeetingSnapshot, Occurrence, OccurrenceChange } from './meeting.js';
import { ofOccurrences, withoutOwn } from './occurrence-settings.js';
import { partsThatDiffer } from './parts.js';
import { settingVerdicts } from './settings.js';
import { isReplacementTag } from './tags.js';

type Verdict = FidelityVerdict | 'different';

/** `different`: not as it must be. */
export interface ComparedField {
  readonly field: string;
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly legacy: MeetingSnapshot;
  readonly replacement: MeetingSnapshot;
  /** Settings that the replacement must show. */
  readonly intended: Readonly<Record<string, unknown>>;
  /** Fields that the vendor's API cannot carry over, by name. */
  readonly lost: readonly string[];
  /** Settings to whose members the vendor may add some of its own. Default: none. */
  readonly open?: readonly string[] | undefined;
  /** Descriptions, and changes of single occurrences, that the replacement must have instead of those of the legacy meeting. Default: the same. */
  readonly texts?: Pick<MeetingSnapshot, 'agenda' | 'changes'> | undefined;
  /** Settings, and members of settings, that the vendor does not support on each of its sites: one that is not as it must be is lost. Default: none. */
  readonly unsure?: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Reads a replacement against its legacy, field by field, each once: handles must differ, settings must be as `intended` says,
 * everything else must be equal or is named as lost.
 */
export function compare(facts: Comparison): readonly ComparedField[] {
  const { legacy, replacement, intended, lost, open, unsure = [] } = facts;
  const rows = [
    ...named(ofIdentity).map(([field, verdict]) => ({ field: field === 'hostEmail' ? 'host' : field, verdict: verdict(facts) })),
    ...named(ofMeeting).filter(([field]) => !isNobodys(field, facts)).map(([field, verdict]) => ({ field, verdict: verdict(facts) })),
    ...partVerdicts(legacy, replacement),
    ...settingVerdicts(legacy.options, intended, replacement.options, open),
    ...ofOccurrences(facts),
  ];
  const isExcused = ({ field, verdict }: ComparedField): boolean =>
    (lost.includes(field) && (verdict === 'different' ? !mustBeNew.includes(field) : verdict !== 'equal')) || (verdict === 'different' && unsure.includes(field));
  const known = rows.map((row) => (isExcused(row) ? { ...row, verdict: 'lost' as const } : row));
  return [...known, ...lost.filter((field) => !rows.some((row) => row.field === field)).map((field) => ({ field, verdict: 'lost' as const }))];
}

/** Names of the fields that are not as they must be, empty when all is well. */
export const fieldsThatDiffer = (rows: readonly ComparedField[]): readonly string[] => rows.flatMap(({ field, verdict }) => (verdict === 'different' ? [field] : []));

/** The same of a vendor that can carry everything over. */
export const differences = (legacy: MeetingSnapshot, replacement: MeetingSnapshot, intended: Comparison['intended'], now: number): readonly string[] =>
  fieldsThatDiffer(compare({ legacy, replacement, intended, lost: [], now }));

/** What is kept of a comparison in which nothing differs. */
export const fidelityOf = (rows: readonly ComparedField[]): readonly FieldFidelity[] => rows.flatMap(({ field, verdict }) => (verdict === 'different' ? [] : [{ field, verdict }]));

/** An old one in the replacement is never excused as lost. */
const mustBeNew: readonly string[] = ['id', 'number', 'link', 'sipAddress', 'accessCode', 'password', 'phonePassword', 'panelistPassword', 'phonePanelistPassword'];

type Judge = (facts: Comparison) => Verdict;

const named = (judges: Readonly<Record<string, Judge>>): readonly (readonly [string, Judge])[] => Object.entries(judges);
const mustBeEqual = (same: boolean): Verdict => (same ? 'equal' : 'different');

/** A handle that nobody has guessed yet. Of what the old meeting did not have, a new one is as good as none. */
export function handleVerdict(was: string | undefined, is: string | undefined): Verdict {
  if (!was) return is ? 'intended' : 'equal';
  if (was === is) return 'different';
  return is ? 'intended' : 'lost';
}

const handle =
  (field: keyof MeetingIdentity): Judge =>
  ({ legacy, replacement }) =>
    handleVerdict(legacy.identity[field], replacement.identity[field]);

const place =
  (field: 'vendor' | 'site' | 'hostEmail'): Judge =>
  ({ legacy, replacement }) =>
    mustBeEqual(legacy.identity[field].toLowerCase() === replacement.identity[field].toLowerCase());

/** A field that a snapshot gets later has a line here, or the program does not compile. The zone has its line among those of the meeting. */
const ofIdentity: Readonly<Record<Exclude<keyof MeetingIdentity, 'timezone'>, Judge>> = {
  id: handle('id'),
  number: handle('number'),
  link: handle('link'),
  sipAddress: handle('sipAddress'),
  accessCode: handle('accessCode'),
  vendor: place('vendor'),
  site: place('site'),
  hostEmail: place('hostEmail'),
};

/** `until`, `partsSince`, `partsLost`, `named`, `listed`, `siteRules`, `refusal`, `running` and `alsoReachedBy` are about the reading, not about the meeting; settings and parts, those of single occurrences too, have a line for each of theirs. */
type OwnField = Exclude<keyof MeetingSnapshot, 'identity' | 'options' | 'parts' | 'partsSince' | 'partsLost' | 'named' | 'listed' | 'siteRules' | 'until' | 'refusal' | 'running' | 'alsoReachedBy'>;

/** The role of co-hosts is one for itself: whoever may not host is invited all the same. */
const ofMeeting: Readonly<Record<OwnField | 'coHosts', Judge>> = {
  password: ({ legacy, replacement }) => passwordVerdict(legacy.password, replacement.password),
  phonePassword: ({ legacy, replacement }) => phonePasswordVerdict(legacy.phonePassword, replacement.phonePassword, replacement.identity),
  panelistPassword: ({ legacy, replacement }) => passwordVerdict(legacy.panelistPassword, replacement.panelistPassword),
  phonePanelistPassword: ({ legacy, replacement }) => phonePasswordVerdict(legacy.phonePanelistPassword, replacement.phonePanelistPassword, replacement.identity),
  title: ({ legacy, replacement }) => mustBeEqual(legacy.title === replacement.title),
  agenda: (facts) => agendaVerdict(facts),
  timezone: ({ legacy, replacement }) => mustBeEqual(legacy.timezone === replacement.timezone),
  kind: ({ legacy, replacement }) => mustBeEqual(legacy.kind === replacement.kind),
  hostName: ({ legacy, replacement }) => (legacy.hostName === replacement.hostName ? 'equal' : 'intended'),
  start: ({ legacy, replacement }) => startVerdict(legacy, replacement),
  end: ({ legacy, replacement }) => (lengthOf(legacy) === lengthOf(replacement) ? startVerdict(legacy, replacement) : 'different'),
  recurrence: ({ legacy, replacement }) => ruleVerdict(legacy.recurrence, replacement.recurrence),
  occurrences: (facts) => occurrencesVerdict(facts),
  changes: ({ legacy, replacement, texts, now }) => changesVerdict(asGuests(withoutOwn(legacy)), asGuests(withoutOwn(replacement)), now, asGuests(withoutOwn({ ...legacy, ...texts }))),
  invitees: ({ legacy, replacement }) => mustBeEqual(sameInvitees(asGuests(legacy).invitees, asGuests(replacement).invitees)),
  coHosts: (facts) => coHostsVerdict(facts),
  tags: ({ legacy, replacement }) => tagsVerdict(legacy.tags, replacement.tags),
};

/** Passcodes that only some meetings have. */
const ofSome = ['phonePassword', 'panelistPassword', 'phonePanelistPassword'] as const;

/** What neither of the two has, and most meetings have not, is not worth a row. */
function isNobodys(field: string, { legacy, replacement }: Comparison): boolean {
  if (field === 'coHosts') return !hasCoHosts(legacy) && !hasCoHosts(replacement);
  return ofSome.some((name) => name === field && legacy[name] === undefined && replacement[name] === undefined);
}

/** A passcode is never carried over, and never lost. */
function passwordVerdict(was: string | undefined, is: string | undefined): Verdict {
  if (was === undefined) return is === undefined ? 'equal' : 'intended';
  return is === undefined || is === was ? 'different' : 'intended';
}

/** Where nobody can dial in, none is needed. */
const phonePasswordVerdict = (was: string | undefined, is: string | undefined, { accessCode }: Pick<MeetingIdentity, 'accessCode'>): Verdict => (accessCode ? passwordVerdict : handleVerdict)(was, is);

/** Line ends and blanks around it are the vendor's [INFER]; none and an empty one are the same. */
const plainText = (text = ''): string => text.replaceAll('\r\n', '\n').trim();

function agendaVerdict({ legacy, replacement, texts = legacy }: Comparison): Verdict {
  const [was, must, is] = [legacy, texts, replacement].map(({ agenda }) => plainText(agenda));
  return must !== is ? 'different' : was === is ? 'equal' : 'intended';
}

const lengthOf = ({ start, end }: MeetingSnapshot): number => Date.parse(end) - Date.parse(start);

/** Only a series may begin later than it did. */
function startVerdict(legacy: MeetingSnapshot, replacement: MeetingSnapshot): Verdict {
  if (legacy.start === replacement.start) return 'equal';
  return legacy.recurrence !== undefined && legacy.start < replacement.start ? 'intended' : 'different';
}

/** That another rule gives the same times, the occurrences show. */
function ruleVerdict(was: string | undefined, is: string | undefined): Verdict {
  if (was === is) return 'equal';
  return was === undefined || is === undefined ? 'different' : 'intended';
}

function occurrencesVerdict({ legacy, replacement, now }: Comparison): Verdict {
  if (replacement.refusal || !sameOccurrences(legacy.occurrences, replacement.occurrences, now)) return 'different';
  return canonical(legacy.occurrences) === canonical(replacement.occurrences) ? 'equal' : 'intended';
}

/**
 * A legacy occurrence that began since the snapshot may be missing in the replacement, which starts with the next one.
 * That the vendor lists other occurrences than the rule gives, it says as a refusal.
 */
function sameOccurrences(legacy: readonly Occurrence[], replacement: readonly Occurrence[], now: number): boolean {
  const first = replacement[0];
  if (!first) return false;
  const remaining = legacy.filter(({ start }) => start >= first.start || Date.parse(start) > now);
  return remaining.length === replacement.length && remaining.every(({ start, end }, i) => start === replacement[i]?.start && end === replacement[i].end);
}

/**
 * Titles, descriptions and invitees of single occurrences, whose settings and parts have rows of their own. What has begun no longer counts, nor what was
 * deleted before the replacement begins.
 * @param must as the replacement must be, where that is not as the legacy meeting is
 */
function changesVerdict(legacy: MeetingSnapshot, replacement: MeetingSnapshot, now: number, must = legacy): Verdict {
  const begins = Date.parse(replacement.start);
  const toCome = (meeting: MeetingSnapshot): string =>
    keysOfChanges(changesLeft(meeting, now).filter(({ original, held }) => Date.parse(held?.start ?? original) > now && (held !== undefined || Date.parse(original) >= begins)));
  if (toCome(must) !== toCome(replacement)) return 'different';
  return keysOfChanges(legacy.changes) === keysOfChanges(replacement.changes) ? 'equal' : 'intended';
}

const keysOfChanges = (changes: readonly OccurrenceChange[] = []): string => changes.map(keyOfChange).join('\n');

/** The vendor overrides display names, so they are no difference. */
const sameInvitees = (legacy: readonly Invitee[], replacement: readonly Invitee[]): boolean => keysOf(legacy).join('\n') === keysOf(replacement).join('\n');

/** The replacement has one more, which is ours; a vendor that takes only so many leaves no room for all. */
function tagsVerdict(legacy: readonly string[], replacement: readonly string[]): Verdict {
  if (legacy.some((tag) => !isReplacementTag(tag) && !replacement.includes(tag))) return 'lost';
  return canonical(legacy.toSorted()) === canonical(replacement.toSorted()) ? 'equal' : 'intended';
}

function partVerdicts({ parts: ours = {} }: MeetingSnapshot, { parts: theirs = {} }: MeetingSnapshot): readonly ComparedField[] {
  const differ = partsThatDiffer(ours, theirs);
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].map((field) => ({ field, verdict: mustBeEqual(!differ.includes(field)) }));
}
