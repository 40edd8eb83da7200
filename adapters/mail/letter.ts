import type { Language } from '../../domain/campaign.js';
import type { Mail, ToldMeeting } from '../../domain/ports.js';
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

/** Meetings soonest first. */
export function toLetter(mail: Mail, contact: string): Letter {
  const { language, kind } = mail;
  const text = texts[language];
  const meetings = mail.meetings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const parts = partsOf(text, mail);
  const [first] = parts;
  return {
    language,
    subject: (parts.length === 1 && first ? first.words : text[kind]).subject(meetings.length),
    greeting: text.greeting(oneLine(mail.to.name)),
    intro: parts.flatMap(({ words, count }, i) => words.intro(count, mail.whatHappened ?? text.whatHappened).slice(i === 0 ? 0 : 1)),
    meetings: meetings.map((meeting) => ({ title: oneLine(meeting.title) || text.untitled, facts: facts[kind](meeting, language, text) })),
    sections: [...parts.flatMap(({ words, count }) => words.sections(count)), text.safety],
    closing: text.closing(contact, mail.campaign),
  };
}

/** Meetings and personal rooms have words of their own, one after the other. A correction says of both that the old link is valid again. */
function partsOf(text: Texts, { kind, meetings }: Mail): readonly { readonly words: KindTexts; readonly count: number }[] {
  if (kind === 'correction') return [{ words: text.correction, count: meetings.length }];
  const rooms = meetings.filter(({ room }) => room === true).length;
  const parts = [
    { words: text.replaced, count: meetings.length - rooms },
    { words: text.room, count: rooms },
  ];
  return parts.filter(({ count }) => count > 0);
}

type Facts = (meeting: ToldMeeting, language: Language, text: Texts) => readonly Fact[];

const facts: Readonly<Record<Mail['kind'], Facts>> = {
  replaced: (meeting, language, text) => (meeting.room ? roomFacts(meeting, text) : [
    ...date(meeting, language, text),
    link(text.labels.newLink, meeting.newLink),
    { label: text.labels.newNumber, value: oneLine(meeting.newNumber) },
    { label: text.labels.oldLinkDies, value: text.noLaterThan(when(language, meeting.timezone, meeting.oldLinkDiesAt)) },
    { label: text.labels.invitees, value: text.invitees(meeting.inviteeCount) },
    ...missing(meeting, language, text),
  ]),
  // the withdrawn link is shown, so that it can be found and removed, but not as something to click on
  correction: (meeting, language, text) => [
    ...date(meeting, language, text),
    { label: text.labels.withdrawnLink, value: oneLine(meeting.newLink) },
    { label: text.labels.withdrawnNumber, value: oneLine(meeting.newNumber) },
  ],
};

const roomFacts = ({ newLink, newNumber }: ToldMeeting, text: Texts): readonly Fact[] => [
  link(text.labels.newLink, newLink),
  ...(newNumber ? [{ label: text.labels.newNumber, value: oneLine(newNumber) }] : []),
  { label: text.labels.oldLinkDies, value: text.oldLinkDead },
];

const date: Facts = ({ recurring, timezone, start, end, room }, language, text) => room ? [] : [
  { label: recurring ? text.labels.nextOccurrence : text.labels.when, value: when(language, timezone, start, end) },
];

const link = (label: string, value: string): Fact => ({ label, value: oneLine(value), ...(isWebLink(value) ? { href: value } : {}) });

const missing: Facts = ({ notCarriedOver }, language, text) => {
  const names = [...new Set(notCarriedOver.map((field) => oneLine(fieldName(language, field))))];
  return names.length === 0 ? [] : [{ label: text.labels.notCarriedOver, value: names.join(', ') }];
};
