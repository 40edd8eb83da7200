/** How one field of a replacement stands to the legacy meeting. A difference that is none of these undoes the replacement. */
export const fidelityVerdicts = ['lost', 'intended', 'equal'] as const;
export type FidelityVerdict = (typeof fidelityVerdicts)[number];

/** One line of the proof: the name of a field, of a setting in its place (`meetingOptions.enabledChat`, of single occurrences of a series `changes.meetingOptions.enabledChat`), or of what is attached; never a value. */
export interface FieldFidelity {
  readonly field: string;
  readonly verdict: FidelityVerdict;
}

const NEW_HANDLE = 'new: whoever could guess the old one must not reach the new meeting';
const NO_HANDLE = 'the vendor gave the new meeting none';
const NEXT = 'the new meeting begins with the next occurrence';

const NEW_PASSCODE = 'a new one: the old one is never used again';
const passcodeWords = { intended: NEW_PASSCODE, lost: NEW_PASSCODE, equal: 'neither has one' };
const handleWords = { intended: NEW_HANDLE, lost: NO_HANDLE, equal: 'neither has one' };

const words: Readonly<Record<string, Partial<Record<FidelityVerdict, string>>>> = {
  id: handleWords,
  number: handleWords,
  link: handleWords,
  sipAddress: handleWords,
  accessCode: handleWords,
  password: passcodeWords,
  phonePassword: passcodeWords,
  panelistPassword: passcodeWords,
  phonePanelistPassword: passcodeWords,
  hostName: { intended: 'the vendor shows its own name of the host' },
  start: { intended: NEXT },
  end: { intended: NEXT },
  recurrence: { intended: 'what remains of the old rule' },
  occurrences: { intended: 'what is over is not planned again', equal: 'each is held as it was' },
  agenda: { intended: 'without the old link, number and passcode that stood in it' },
  agendaHandles: { lost: 'taken out of descriptions: they lead nowhere once the old meeting is gone' },
  changes: { intended: 'what is over is not changed again, and old links and numbers are taken out of descriptions', equal: 'the same occurrences are moved, renamed or deleted' },
  occurrenceLinks: { lost: 'each changed occurrence has a new one of its own, other than that of the series' },
  invitees: { equal: 'the same people' },
  coHosts: { equal: 'the same people may host along', lost: 'some of them may not host on the site any more: they are invited as guests' },
  tags: { intended: 'with the mark by which Relink finds its own', lost: 'the vendor takes no more of them' },
};

const usual: Readonly<Record<FidelityVerdict, string>> = {
  equal: 'as it was',
  intended: 'the policy of the campaign asks for it, or the vendor sets it in every new meeting',
  lost: 'cannot be carried over by the vendor’s API: the new meeting has none, or one of its own',
};

const codeWords: Partial<Record<FidelityVerdict, string>> = {
  intended: 'the site gives it to every new meeting',
  lost: 'the site no longer takes it so: the new meeting has what the site gives, or none',
};

const ofOccurrences: Readonly<Record<FidelityVerdict, string>> = {
  equal: 'single occurrences have it as they had it',
  intended: usual.intended,
  lost: 'cannot be carried over by the vendor’s API: single occurrences have what the site gives',
};

/** In plain words. Follows from field and verdict alone, so that nothing else need be kept. */
export function whyOf({ field, verdict }: FieldFidelity): string {
  if (/^(?:changes\.)?trackingCodes\./.test(field)) return codeWords[verdict] ?? usual[verdict];
  return field.startsWith('changes.') ? ofOccurrences[verdict] : (words[field]?.[verdict] ?? usual[verdict]);
}
