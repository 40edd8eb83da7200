import { isIP } from 'node:net';
import addressParser from 'nodemailer/lib/addressparser';
import { RelinkFailure } from '../../domain/failures.js';
import { isUsableAddress } from './address.js';
import { oneLine } from './words.js';

export interface Sender {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string;
  /** Domain of the sender's address, in lower case. */
  readonly domain: string;
}

/** @throws RelinkFailure `InvalidInput`; the message names the setting, never its value. */
export function parseSender(from: string, replyTo?: string): Sender {
  const sender = oneMailbox('mail.from', from);
  return {
    from: sender,
    replyTo: replyTo === undefined ? sender.address : oneMailbox('mail.replyTo', replyTo).address,
    domain: sender.address.slice(sender.address.lastIndexOf('@') + 1).toLowerCase(),
  };
}

function oneMailbox(setting: string, text: string): { name: string; address: string } {
  const [mailbox, ...others] = addressParser(text, { flatten: true });
  if (!mailbox || others.length > 0 || !isUsableAddress(mailbox.address)) throw new RelinkFailure('InvalidInput', `${setting} is not one mail address`);
  return { name: oneLine(mailbox.name), address: mailbox.address };
}

/**
 * What the URL may set besides host, port and credentials, by nodemailer's names. Everything else is refused:
 * `logger`, for instance, would print every mail, and pool settings would repeat mails behind Temporal's back.
 */
const parameters = ['name', 'authMethod', 'ignoreTLS', 'requireTLS'];
const isAllowed = (parameter: string): boolean => parameters.includes(parameter) || parameter.startsWith('tls.');

/**
 * Checks the URL of the mail server. Credentials travel encrypted unless the server is on this machine
 * or the URL says `requireTLS=false`.
 * @throws RelinkFailure `InvalidInput`; the message never quotes the URL.
 */
export function transportUrl(text: string): { url: string; requireTLS: boolean } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || !['smtp:', 'smtps:'].includes(url.protocol)) throw new RelinkFailure('InvalidInput', 'the URL of the mail server is not an smtp:// or smtps:// URL');
  const unknown = [...url.searchParams.keys()].filter((parameter) => !isAllowed(parameter));
  if (unknown.length > 0) throw new RelinkFailure('InvalidInput', `the URL of the mail server has parameters other than ${parameters.join(', ')} and tls.*`);
  return { url: text, requireTLS: url.protocol === 'smtp:' && url.username !== '' && !isLoopback(url.hostname) };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
