import type { MeetingSnapshot, ReplacementPolicy } from '../../../domain/meeting.js';
import { OF_CHANGES } from '../../../domain/occurrence-settings.js';
import { intendedOptions } from './map.js';
import { asOccurrence } from './occurrence-settings.js';

/**
 * Of these the vendor's document says "Not supported if the site has been migrated to the Webex Suite meeting platform"
 * (https://developer.webex.com/docs/api/v1/meetings/create-a-meeting); of the last three the warning 1001 of a creation says so, which the document leaves out.
 * Such a site takes them without an error and gives a new meeting its own.
 */
const members = {
  meetingOptions: ['enabledPolling', 'enabledNote', 'noteType', 'enabledUCFRichMedia'],
  attendeePrivileges: [
    'enabledSaveDocument', 'enabledPrintDocument', 'enabledAnnotate', 'enabledViewThumbnails', 'enabledRemoteControl', 'enabledViewAnyDocument', 'enabledViewAnyPage',
    'enabledContactOperatorPrivately', 'enabledChatHost', 'enabledChatPresenter', 'enabledChatOtherParticipants',
  ],
  audioConnectionOptions: ['entryAndExitTone', 'audioConnectionType'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
const LISTED = 'publicMeeting';

/**
 * Settings, and members of settings, that a new meeting may have otherwise without a fault of anybody: by name, not by the warning, which is gone when the
 * answer of a creation is lost. What the policy asks for by itself is none of them, and nobody is put on a public list because of this.
 */
export function unsureIn(legacy: MeetingSnapshot, policy: ReplacementPolicy): readonly string[] {
  const others = Object.entries(legacy.options).filter(([name]) => name !== LISTED && !Object.hasOwn(members, name));
  const asked = intendedOptions({ ...legacy, options: Object.fromEntries(others) }, policy);
  const isAsked = (whole: string, name: string): boolean => Object.hasOwn(asked[whole] ?? {}, name);
  const unknown = Object.entries(members).flatMap(([whole, names]) => names.filter((name) => !isAsked(whole, name)).map((name) => `${whole}.${name}`));
  const mayBeListed = intendedOptions(legacy, policy)[LISTED] === true;
  return mayBeListed ? [...unknown, LISTED] : unknown;
}

/** The same of settings that single occurrences have otherwise than their series. None of them is put on a public list because of this either. */
export function unsureInOccurrences(legacy: MeetingSnapshot, policy: ReplacementPolicy): readonly string[] {
  const own = (legacy.changes ?? []).flatMap(({ held }) => (held?.options ? [{ options: held.options }] : []));
  if (own.length === 0) return [];
  const mayBeListed = own.some((held) => Object.hasOwn(held.options, LISTED) && intendedOptions(asOccurrence(legacy, held), policy)[LISTED] === true);
  const names = unsureIn(legacy, policy).filter((name) => name !== LISTED);
  return [...names, ...(mayBeListed ? [LISTED] : [])].map((name) => `${OF_CHANGES}${name}`);
}
