import { HIDDEN, scrubLinks } from '../../adapters/runtime/scrub.js';
import type { MeetingIdentity, MeetingSnapshot } from '../../domain/meeting.js';

/** Values under such a name lead into a meeting or open one; `excludePassword: true` is only said of one. */
const SECRET_NAME = /passw|passcode|pincode|hostkey|link|url|sipaddress|accesscode|dialin|callin/i;

/** As people write them without a scheme: `meet.example.org/j.php?MTID=1` */
const BARE_LINK = /(?<![\p{L}\p{N}@/.-])((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})\/[^\s"'<>]+/gu;
const CALL = /\b(?:tel|sips?|callto|skype):[^\s"'<>]+/gi;
/** A number to dial, with what is typed after it. */
const PHONE = /\+\d[\d ().-]{6,}\d[,;*#\d]*/g;
/** Where video systems dial: digits at a site. */
const DIALLED = /\b\d{6,}@[\p{L}\p{N}.-]+/gu;

export interface Cleaner {
  readonly text: (written: string) => string;
  /** The same at any depth, and nothing under a name that says that it is secret. */
  readonly value: (value: unknown, name?: string) => unknown;
}

type Passcodes = Pick<MeetingSnapshot, 'password' | 'phonePassword' | 'panelistPassword' | 'phonePanelistPassword'>;

/**
 * Takes out of what people and vendors wrote about a meeting whatever leads into it or opens it: handles of the old one and of the new one, passcodes,
 * links of any kind but for their host, numbers to dial.
 */
export function cleanerOf({ password, phonePassword, panelistPassword, phonePanelistPassword }: Passcodes, identities: readonly MeetingIdentity[]): Cleaner {
  const handles = identities.flatMap(({ link, sipAddress, accessCode, number }) => [link, link.replace(/^\w+:\/\//, ''), sipAddress, accessCode === number ? undefined : accessCode]);
  const known = [...handles, password, phonePassword, panelistPassword, phonePanelistPassword].filter((each): each is string => each !== undefined && each !== '').sort((a, b) => b.length - a.length);
  const text = (written: string): string =>
    scrubLinks(known.reduce((rest, handle) => rest.replaceAll(handle, HIDDEN), written))
      .replaceAll(BARE_LINK, `$1/${HIDDEN}`)
      .replaceAll(CALL, HIDDEN)
      .replaceAll(PHONE, HIDDEN)
      .replaceAll(DIALLED, HIDDEN);
  const value = (each: unknown, name = ''): unknown => {
    if (SECRET_NAME.test(name) && (typeof each === 'string' || typeof each === 'number')) return HIDDEN;
    if (typeof each === 'string') return text(each);
    if (Array.isArray(each)) return each.map((item) => value(item, name));
    return typeof each === 'object' && each !== null ? Object.fromEntries(Object.entries(each).map(([inner, item]) => [inner, value(item, inner)])) : each;
  };
  return { text, value };
}
