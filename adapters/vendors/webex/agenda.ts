import type { MeetingSnapshot } from '../../../domain/meeting.js';
import { genuine } from './changed-occurrences.js';

/** Stands where something was taken out: text is copied that a human wrote, in whatever language. */
const GONE = '[…]';

/** Less is no handle, but may be any word or figure. */
const LEAST = { digits: 6, word: 4 };

/**
 * A meeting without its own handles in its descriptions, nor in those of its changed occurrences: link, number, SIP address, numbers to dial and passcodes,
 * as invitations print them. They are matched by what machines read, never by the words around them. The same meeting where there are none.
 */
export function scrubbed(meeting: MeetingSnapshot): MeetingSnapshot {
  const clean = cleanerOf(meeting);
  const agenda = meeting.agenda && clean(meeting.agenda);
  const changes = meeting.changes?.map((change) => (change.held?.agenda ? { ...change, held: { ...change.held, agenda: clean(change.held.agenda) } } : change));
  const isClean = agenda === meeting.agenda && (changes ?? []).every(({ held }, i) => held?.agenda === meeting.changes?.[i]?.held?.agenda);
  // Of an occurrence whose description was another by its link alone nothing is left to change.
  return isClean ? meeting : { ...meeting, agenda, changes: changes && genuine(changes, { ...meeting, agenda }, meeting.invitees) };
}

type Reached = Pick<MeetingSnapshot, 'identity' | 'alsoReachedBy' | 'password' | 'phonePassword' | 'panelistPassword' | 'phonePanelistPassword'>;

function cleanerOf({ identity, alsoReachedBy = [], ...passcodes }: Reached): (text: string) => string {
  const { number, accessCode = '', sipAddress = '', link, site } = identity;
  const reached = [link, sipAddress, number, accessCode, ...alsoReachedBy];
  const { password, phonePassword, panelistPassword, phonePanelistPassword } = passcodes;
  const secrets = [password, phonePassword, panelistPassword, phonePanelistPassword].filter((each): each is string => each !== undefined && each.length >= LEAST.word && /\d/.test(each));
  const patterns = [
    ...reached.filter((each) => URL.canParse(each) && each.includes('//')).flatMap(marksOf).map(linkWith),
    new RegExp(`${TOKEN}*${escaped(site)}${TOKEN}*globalcallin\\.php${TOKEN}*`, 'giu'),
    ...reached.filter((each) => /^[^\s/@]+@[^\s/@]+$/.test(each)).map((address) => new RegExp(`(?:\\bsips?:)?${alone(address)}`, 'giu')),
    ...unique(reached.filter((each) => /^[+\d\s().-]+$/.test(each)).map((each) => each.replace(/\D/g, ''))).filter(({ length }) => length >= LEAST.digits).map(dialled),
    ...secrets.map((secret) => new RegExp(alone(secret), 'gu')),
  ];
  return (text) => patterns.reduce((rest, pattern) => rest.replace(pattern, GONE), text);
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const alone = (text: string): string => `(?<![\\p{L}\\p{N}])${escaped(text)}(?![\\p{L}\\p{N}])`;

/** Of a link, in whatever is wrapped around it. */
const TOKEN = '[^\\s<>"\'()\\[\\]]';
/** The end of a sentence is none of the link. */
const linkWith = (mark: string): RegExp => new RegExp(`${TOKEN}*${escaped(mark)}(?![\\p{L}\\p{N}])${TOKEN}*(?<![.,;:!?])`, 'giu');

/** By what a link is known, also where programs have wrapped it into another: by its long id, else by all of it but the scheme. */
function marksOf(link: string): readonly string[] {
  const { host, pathname, search, searchParams } = new URL(link);
  const id = ['MTID', 'RGID'].map((name) => searchParams.get(name)).find((value) => value !== null && value.length >= 16);
  const whole = `${host}${pathname.replace(/\/$/, '')}${search}`;
  return id ? [id] : [whole, encodeURIComponent(whole)];
}

/** A number in groups or not, with a number to dial before it, keys after it, or a host behind it. */
function dialled(digits: string): RegExp {
  const number = digits.split('').join('[\\s\\u00a0().-]{0,2}');
  const before = '(?:\\b(?:sips?|tel|callto):)?(?:\\+?\\d[\\d().-]{5,20}[,;*#%]+[\\d*#%,]{0,6})?\\+?';
  return new RegExp(`${before}(?<!\\d)${number}(?!\\d)(?:[#*]+|(?:%23)+)*(?:(?:\\.[\\p{L}\\p{N}-]+)?@[\\p{L}\\p{N}.-]*[\\p{L}\\p{N}])?`, 'giu');
}
