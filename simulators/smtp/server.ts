import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../support/clock.js';
import type { KeptMail, Mailbox } from './mailbox.js';
import type { MailFaults } from './mail-faults.js';

export interface MailServer {
  /** `smtp://127.0.0.1:port` */
  readonly url: string;
  stop(): Promise<void>;
}

/** A real SMTP server on the loopback that keeps every mail it accepts. */
export async function startMailServer(port: number, parts: { clock: Clock; mailbox: Mailbox; faults: MailFaults }): Promise<MailServer> {
  const doomed = new WeakSet<SMTPServerSession>();
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onRcptTo({ address }, session, callback) {
      const refusal = parts.mailbox.refusalOf(address);
      if (refusal === 'permanent') return callback(reply(550, '5.1.1 No such mailbox'));
      if (refusal === 'temporary') return callback(reply(451, '4.2.1 Mailbox is busy'));
      const fault = parts.faults.next(address);
      if (fault === 'refuse-now') return callback(reply(451, '4.7.1 Try again later'));
      if (fault === 'close-before-accepting') doomed.add(session);
      return callback();
    },
    onData(stream, session, callback) {
      simpleParser(stream, (fault, mail) => {
        if (fault) return callback(reply(451, '4.3.0 Cannot be read'));
        if (doomed.has(session)) return cut(sockets, session);
        parts.mailbox.keep(kept(mail, session, parts.clock));
        return callback();
      });
    },
  });
  // A client that goes away in the middle is no news.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const { port: bound } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${bound}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const reply = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/** Closes the connection of this session before the mail is accepted. */
function cut(sockets: ReadonlySet<Socket>, { remotePort }: SMTPServerSession): void {
  for (const socket of sockets) if (socket.remotePort === remotePort) socket.destroy();
}

const kept = (mail: ParsedMail, { envelope }: SMTPServerSession, clock: Clock): KeptMail => ({
  to: envelope.rcptTo.map(({ address }) => address),
  messageId: mail.messageId ?? '',
  headers: headersOf(mail),
  subject: mail.subject ?? '',
  text: mail.text ?? '',
  html: mail.html || '',
  at: clock.now(),
  tick: clock.tick(),
});

const headersOf = ({ headerLines }: ParsedMail): Record<string, string> =>
  Object.fromEntries(headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).replace(/\r?\n\s+/g, ' ').trim()]));
