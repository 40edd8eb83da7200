import type { EditedThing } from '../../../domain/edits.js';
import type { MailKind } from '../../../domain/ports.js';

export interface Section {
  readonly heading: string;
  readonly items: readonly string[];
}

/** The words of one kind of mail about `count` meetings. Subjects hold no title: they are shown on locked screens. */
export interface KindTexts {
  readonly subject: (count: number) => string;
  /** Begins with what happened, where the mail says it. */
  readonly intro: (count: number, whatHappened: string) => readonly string[];
  readonly sections: (count: number) => readonly Section[];
}

export type Label = 'when' | 'nextOccurrence' | 'newLink' | 'newNumber' | 'oldLinkDies' | 'invitees' | 'notCarriedOver' | 'edited' | 'withdrawnLink' | 'withdrawnNumber' | 'number' | 'takenOver' | 'linkChanges';

/** All words of the mails in one language. A new language is one file of this shape, its field names, and one line in letter.ts. */
export interface Texts extends Readonly<Record<MailKind, KindTexts>> {
  /** `replaced`, of meetings whose host left. */
  readonly inherited: KindTexts;
  /** `replaced`, of personal rooms. */
  readonly room: KindTexts;
  /** `announced`, of personal rooms. */
  readonly announcedRoom: KindTexts;
  /** Of an announcement: how to keep it from happening. */
  readonly objection: (contact: string) => Section;
  /** What an organiser changed in the old meeting, and the new one has now too. */
  readonly edited: Readonly<Record<EditedThing, string>>;
  readonly notBefore: (when: string) => string;
  /** `name` may be empty. */
  readonly greeting: (name: string) => string;
  /** What happened, when the advisory does not tell. */
  readonly whatHappened: string;
  /** Stands in for an empty title. */
  readonly untitled: string;
  readonly labels: Readonly<Record<Label, string>>;
  readonly noLaterThan: (when: string) => string;
  /** Of a meeting whose host left. */
  readonly takenOver: string;
  /** Of a personal room. */
  readonly oldLinkDead: string;
  /** How many were carried over to the new meeting. */
  readonly invitees: (count: number) => string;
  /** How to hold meetings safely. */
  readonly safety: Section;
  readonly closing: (contact: string, campaign: string) => readonly string[];
}
