import { createTransport } from 'nodemailer';
import type { Mailer } from '../../domain/ports.js';
import { isUsableAddress } from './address.js';
import { toMessage } from './message.js';
import { toFailure, unusableAddress } from './refusal.js';
import { parseSender, transportUrl } from './settings.js';

export interface MailerSettings {
  /** `smtp://` (STARTTLS when offered) or `smtps://`, with credentials if needed. See settings.ts for its parameters. */
  readonly smtpUrl: string;
  /** `Name <address>`; its domain also makes Message-ID and List-Id. */
  readonly from: string;
  /** Where organisers ask; the sender when absent. */
  readonly replyTo?: string | undefined;
}

/** Milliseconds. Together below the time that a Temporal activity is given for a mail. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
/** A server may trickle its replies for ever without one long silence. */
const SEND_MS = 60_000;

/**
 * Mails through one SMTP server, a few connections at a time, each mail in one attempt: repeating is Temporal's.
 * @throws RelinkFailure `InvalidInput` for a URL or sender that cannot be used.
 */
export function createMailer({ smtpUrl, from, replyTo }: MailerSettings): Mailer & { close(): void } {
  const { url, requireTLS } = transportUrl(smtpUrl);
  const sender = parseSender(from, replyTo);
  const transport = createTransport({
    url,
    requireTLS,
    pool: true,
    maxConnections: 4,
    maxRequeues: 0,
    connectionTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      if (!isUsableAddress(mail.to.email)) throw unusableAddress();
      const message = toMessage(mail, sender);
      await transport.sendMail({ ...message, signal: AbortSignal.timeout(SEND_MS) }).catch(fail);
    },
    async verify() {
      await transport.verify().catch(fail);
    },
    close: () => transport.close(),
  };
}

function fail(cause: unknown): never {
  throw toFailure(cause);
}
