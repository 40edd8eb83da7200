import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import type { Mail } from '../../domain/ports.js';
import { toLetter } from './letter.js';
import { render } from './render.js';
import type { Sender } from './settings.js';
import { oneLine } from './words.js';

/** A Mail as nodemailer takes it. The same key gives the same Message-ID, so that a mail sent twice is shown once. */
export function toMessage(mail: Mail, { from, replyTo, domain }: Sender): SendMailOptions {
  const letter = toLetter(mail, replyTo);
  const recipient = mail.to.email;
  return {
    from: { ...from },
    to: { name: oneLine(mail.to.name), address: recipient },
    envelope: { from: from.address, to: [recipient] },
    replyTo,
    subject: letter.subject,
    messageId: `<${opaque(mail.key)}@${domain}>`,
    headers: {
      'List-Id': `<relink.${label(mail.campaign)}.${domain}>`,
      'Auto-Submitted': 'auto-generated', // RFC 3834: no out-of-office answers, please
      'Content-Language': mail.language,
    },
    ...render(letter),
  };
}

/** Keys that are no plain token are hashed: as stable, and nothing in them can end a header. */
const opaque = (key: string): string => (/^[A-Za-z0-9_-]{1,64}$/.test(key) ? key : createHash('sha256').update(key).digest('hex'));

/** A campaign name is `a–z 0–9 -` already; whatever else came here is not let into a header. */
const label = (campaign: string): string => campaign.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
