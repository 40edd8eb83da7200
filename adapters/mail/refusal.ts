import { RelinkFailure } from '../../domain/failures.js';

/** The parts of nodemailer's errors that are codes. Its messages quote the server, and so the address. */
interface SmtpError {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

export const unusableAddress = (): RelinkFailure => new RelinkFailure('OrganiserUnreachable', 'the organiser’s address is not one plain mail address');

/** Translates what nodemailer throws. The message holds codes only, and the error keeps no cause: that would quote the address. */
export function toFailure(cause: unknown): RelinkFailure {
  const error = (cause ?? {}) as SmtpError;
  const status = typeof error.responseCode === 'number' ? error.responseCode : undefined;
  const said = [status, enhancedCode(error.response), error.code].filter((part) => typeof part === 'number' || typeof part === 'string');
  const message = `mail was not accepted: ${said.join(' ') || 'no code'}${commandOf(error)}`;
  return new RelinkFailure(isAboutRecipient(error) ? 'OrganiserUnreachable' : 'MailUnavailable', message, { status });
}

const commands = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'MAIL FROM', 'RCPT TO', 'DATA', 'API'];
const commandOf = ({ command }: SmtpError): string => (typeof command === 'string' && commands.includes(command) ? ` at ${command}` : '');

/**
 * Replies that by RFC 5321 §4.2.3 and RFC 7504 mean this mailbox, for good: unavailable (550), not local (551), no such name (553), domain takes no mail (556).
 * Left out, and so tried again while an operator looks: 552 (mailbox full; RFC 5321 §4.5.3.1.10 lets senders take it as temporary),
 * 554 (transaction failed: relay denied, block lists, whatever else) and 555 (parameters of ours that the server does not know).
 */
const refusedMailbox = [550, 551, 553, 556];

/**
 * Whether the one recipient was refused for good. The enhanced code (RFC 3463) wins where there is one: subject 1 and 2.1 speak of the mailbox,
 * 2.x else of its quota, 3, 5, 6 and 7 of the server, our protocol, the content and policy. Those hit every mail alike,
 * and must not put a whole campaign on hold as if all its organisers had gone. Subject 4 (routing) adds nothing, because some
 * servers use 550 5.4.1 for unknown recipients.
 */
function isAboutRecipient({ code, command, responseCode, response }: SmtpError): boolean {
  if (command === 'API') return code === 'EENVELOPE';
  if (command !== 'RCPT TO' && command !== 'DATA') return false;
  if (typeof responseCode !== 'number' || responseCode < 550 || responseCode > 559) return false;
  const detail = enhancedCode(response);
  if (detail?.startsWith('5.1.') || detail === '5.2.1') return true;
  if (detail && /^5\.[23567]\./.test(detail)) return false;
  return refusedMailbox.includes(responseCode);
}

/** `550 5.1.1 …` → `5.1.1`. */
const enhancedCode = (response: unknown): string | undefined => (typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined);
