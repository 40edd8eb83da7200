import type { Language } from '../../domain/campaign.js';
import type { AnnouncedMeeting } from '../../domain/announcements.js';
import type { AnnouncementMail, Mail, NoticeMail, ToldMeeting } from '../../domain/ports.js';
import { fieldName } from './field-names.js';
import { en } from './texts/en.js';
import { nl } from './texts/nl.js';
import type { KindTexts, Texts } from './texts/texts.js';
import { isWebLink, oneLine, when } from './words.js';

/** What a mail says, before it is text or HTML, so that both always say the same. */
export interface Letter {
  readonly language: Language;
  readonly subject: string;
  readonly greeting: string;
  readonly intro: readonly string[];
  readonly meetings: readonly { readonly title: string; readonly facts: readonly Fact[] }[];
  readonly sections: readonly { readonly heading: string; readonly items: readonly string[] }[];
  readonly closing: readonly string[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Set when the value is a link that may be followed. */
  readonly href?: string | undefined;
}

const texts = { en, nl } as const satisfies Record<Language, Texts>;

/** Meetings soonest first, rooms without a time last. */
export function toLetter(mail: Mail, contact: string): Letter {
  const { language, kind } = mail;
  const text = texts[language];
  const meetings = mail.kind === 'announced' ? announced(mail, text) : noticed(mail, text);
  const parts = partsOf(text, mail);
  const [first] = parts;
  return {
    language,
    subject: (parts.length === 1 && first ? first.words : text[kind]).subject(meetings.length),
    greeting: text.greeting(oneLine(mail.to.name)),
    intro: parts.flatMap(({ words, count }, i) => words.intro(count, mail.whatHappened ?? text.whatHappened).slice(i === 0 ? 0 : 1)),
    meetings,
    sections: [...parts.flatMap(({ words, count }) => words.sections(count)), ...(kind === 'announced' ? [text.objection(contact)] : []), text.safety],
    closing: text.closing(contact, mail.campaign),
  };
}

type Told = Letter['meetings'];

const soonestFirst = (a: { readonly start: string | null }, b: { readonly start: string | null }): number => startOf(a) - startOf(b);
const startOf = ({ start }: { readonly start: string | null }): number => (start === null ? Number.MAX_SAFE_INTEGER : Date.parse(start));
const titleOf = ({ title }: { readonly title: string }, text: Texts): string => oneLine(title) || text.untitled;

const noticed = ({ kind, language, meetings }: NoticeMail, text: Texts): Told =>
  meetings.toSorted(soonestFirst).map((meeting) => ({ title: titleOf(meeting, text), facts: facts[kind](meeting, language, text) }));

const announced = ({ language, meetings, notBefore }: AnnouncementMail, text: Texts): Told =>
  meetings.toSorted(soonestFirst).map((meeting) => ({ title: titleOf(meeting, text), facts: aheadFacts(meeting, notBefore, language, text) }));

/** Meetings, those that were taken over and personal rooms have words of their own, one after the other. A correction says of all that the old link is valid again. */
function partsOf(text: Texts, mail: Mail): readonly { readonly words: KindTexts; readonly count: number }[] {
  const { kind, meetings } = mail;
  if (kind !== 'replaced' && kind !== 'announced') return [{ words: text[kind], count: meetings.length }];
  const rooms = (mail.kind === 'announced' ? mail.meetings.filter(isRoom) : mail.meetings.filter(({ room }) => room === true)).length;
  const takenOver = mail.kind === 'announced' ? 0 : mail.meetings.filter(({ inherited }) => inherited === true).length;
  const parts = [
    { words: text[kind], count: meetings.length - rooms - takenOver },
    { words: text.inherited, count: takenOver },
    { words: kind === 'announced' ? text.announcedRoom : text.room, count: rooms },
  ];
  return parts.filter(({ count }) => count > 0);
}

const isRoom = ({ kind }: AnnouncedMeeting): boolean => kind === 'room';

type Facts = (meeting: ToldMeeting, language: Language, text: Texts) => readonly Fact[];

const facts: Readonly<Record<NoticeMail['kind'], Facts>> = {
  replaced: (meeting, language, text) => (meeting.room ? roomFacts(meeting, text) : [
    ...date(meeting, language, text),
    ...(meeting.inherited ? [{ label: text.labels.takenOver, value: text.takenOver }] : []),
    link(text.labels.newLink, meeting.newLink),
    { label: text.labels.newNumber, value: oneLine(meeting.newNumber) },
    { label: text.labels.oldLinkDies, value: text.noLaterThan(when(language, meeting.timezone, meeting.oldLinkDiesAt)) },
    { label: text.labels.invitees, value: text.invitees(meeting.inviteeCount) },
    ...missing(meeting, language, text),
  ]),
  changed: (meeting, language, text) => [
    ...date(meeting, language, text),
    ...(meeting.edited ? [{ label: text.labels.edited, value: meeting.edited.map((thing) => text.edited[thing]).join(', ') }] : []),
    link(text.labels.newLink, meeting.newLink),
    { label: text.labels.oldLinkDies, value: text.noLaterThan(when(language, meeting.timezone, meeting.oldLinkDiesAt)) },
    ...missing(meeting, language, text),
  ],
  question: (meeting, language, text) => [...date(meeting, language, text), link(text.labels.newLink, meeting.newLink), { label: text.labels.newNumber, value: oneLine(meeting.newNumber) }],
  withdrawn: withdrawnFacts,
  // the withdrawn link is shown, so that it can be found and removed, but not as something to click on
  correction: withdrawnFacts,
};

function withdrawnFacts(meeting: ToldMeeting, language: Language, text: Texts): readonly Fact[] {
  return [
    ...date(meeting, language, text),
    { label: text.labels.withdrawnLink, value: oneLine(meeting.newLink) },
    { label: text.labels.withdrawnNumber, value: oneLine(meeting.newNumber) },
  ];
}

const roomFacts = ({ newLink, newNumber }: ToldMeeting, text: Texts): readonly Fact[] => [
  link(text.labels.newLink, newLink),
  ...(newNumber ? [{ label: text.labels.newNumber, value: oneLine(newNumber) }] : []),
  { label: text.labels.oldLinkDies, value: text.oldLinkDead },
];

function aheadFacts({ kind, start, end, timezone, number }: AnnouncedMeeting, notBefore: string, language: Language, text: Texts): readonly Fact[] {
  const { labels } = text;
  const times = start === null || kind === 'room' ? [] : [{ label: kind === 'series' ? labels.nextOccurrence : labels.when, value: when(language, timezone, start, end) }];
  return [
    ...times,
    ...(number ? [{ label: labels.number, value: oneLine(number) }] : []),
    { label: labels.linkChanges, value: text.notBefore(when(language, timezone, notBefore)) },
  ];
}

const date: Facts = ({ recurring, timezone, start, end, room }, language, text) => room ? [] : [
  { label: recurring ? text.labels.nextOccurrence : text.labels.when, value: when(language, timezone, start, end) },
];

const link = (label: string, value: string): Fact => ({ label, value: oneLine(value), ...(isWebLink(value) ? { href: value } : {}) });

const missing: Facts = ({ notCarriedOver }, language, text) => {
  const names = [...new Set(notCarriedOver.map((field) => oneLine(fieldName(language, field))))];
  return names.length === 0 ? [] : [{ label: text.labels.notCarriedOver, value: names.join(', ') }];
};
