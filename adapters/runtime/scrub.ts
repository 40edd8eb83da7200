import { RelinkFailure } from '../../domain/failures.js';

/** Whatever these name is a person, leads to a meeting or opens something. */
const SECRET_KEY = /title|topic|e-?mail|address|link|passw|passcode|passphrase|token|secret|authori[sz]ation|cookie|agenda|invitee|organi[sz]er|accesscode|hostkey|meetingnumber|newnumber|displayname|smtpurl|databaseurl|credential/i;
/** Harmless inside longer names (`hostname` is the machine), so they must match whole, in this case. */
const SECRET_NAMES: ReadonlySet<string> = new Set(['hostName', 'number', 'sip', 'html', 'body', 'subject']);
/** `link` is inside the name of the program. */
const HARMLESS = /relink/gi;

const isSecret = (key: string): boolean => SECRET_NAMES.has(key) || SECRET_KEY.test(key.replaceAll(HARMLESS, ''));

export const HIDDEN = '[hidden]';
/** Nothing that we log on purpose is nested deeper. */
const MAX_DEPTH = 6;

/** A copy fit for a log: secrets hidden by name at any depth, links and addresses cut out of all text, errors reduced to what they are. */
export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (Array.isArray(value)) return value.map((item) => scrub(item, depth + 1));
  return scrubFields(value, depth);
}

export const scrubFields = (fields: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, isSecret(key) && value !== undefined ? HIDDEN : scrub(value, depth + 1)]));

export const scrubText = (text: string): string => scrubLinks(text).replaceAll(/[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]+)+/gu, '[address]');

/** Join links tell by path and query, so of a URL only scheme and host stay. */
export const scrubLinks = (text: string): string => text.replaceAll(/\b([a-z][a-z0-9+]{1,15}):\/\/[^\s"'<>]+/gi, (url, scheme: string) => (scheme.toLowerCase() === 'file' ? url : originOf(url)));

function originOf(url: string): string {
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: 'unknown:', host: '' };
  return host === '' ? `${protocol}${HIDDEN}` : `${protocol}//${host}/${HIDDEN}`;
}

/**
 * What a log may say of an error. A `RelinkFailure` is its type and facts; anything else its class, message, code and stack.
 * All other properties stay out: HTTP clients hang request and response on their errors, with token and body.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (error instanceof RelinkFailure) return { type: error.type, message: scrubText(error.message), facts: scrub(error.facts, depth + 1) };
  if (!(error instanceof Error)) return { type: typeof error, message: scrubText(String(error)) };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: scrubText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: scrubText(error.stack) }),
    ...(cause === undefined ? {} : { cause: depth >= MAX_DEPTH ? '[deep]' : describeError(cause, depth + 1) }),
  };
}
