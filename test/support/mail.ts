import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AnnouncedMeeting } from '../../domain/announcements.js';
import type { AnnouncementMail, NoticeMail, ToldMeeting } from '../../domain/ports.js';

/** A meeting as a mail tells it, with what a test says otherwise. */
export const aToldMeeting = (changes: Partial<ToldMeeting> = {}): ToldMeeting => ({
  title: 'Budget round',
  timezone: 'Europe/Amsterdam',
  start: '2026-09-02T07:00:00.000Z',
  end: '2026-09-02T08:00:00.000Z',
  recurring: false,
  newLink: 'https://example.org/join/new-4711',
  newNumber: '2551 555 0123',
  oldLinkDiesAt: '2026-09-01T06:15:00.000Z',
  notCarriedOver: [],
  inviteeCount: 12,
  ...changes,
});

export const aMail = (changes: Partial<NoticeMail> = {}): NoticeMail => ({
  kind: 'replaced',
  campaign: 'spring-repair',
  language: 'en',
  to: { email: 'robin@example.org', name: 'Robin Vos' },
  meetings: [aToldMeeting()],
  key: 'digest-0001',
  ...changes,
});

export const anAnnouncedMeeting = (changes: Partial<AnnouncedMeeting> = {}): AnnouncedMeeting => ({
  kind: 'single',
  title: 'Budget round',
  timezone: 'Europe/Amsterdam',
  start: '2026-09-02T07:00:00.000Z',
  end: '2026-09-02T08:00:00.000Z',
  hostName: 'Robin Vos',
  number: '2551 555 0100',
  ...changes,
});

export const anAnnouncement = (changes: Partial<AnnouncementMail> = {}): AnnouncementMail => ({
  ...aMail(),
  kind: 'announced',
  notBefore: '2026-08-30T06:15:00.000Z',
  meetings: [anAnnouncedMeeting()],
  ...changes,
});

export interface Received {
  readonly raw: string;
  readonly recipients: readonly string[];
}

export interface MailServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** Connections made so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A reply that the server gives instead of accepting: `550 5.1.1 …`. */
export const reply = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/** A real SMTP server on a free port of this machine, without TLS; `behaviour` refuses. */
export async function startMailServer(behaviour: SMTPServerOptions = {}): Promise<MailServer> {
  const received: Received[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({ raw: Buffer.concat(chunks).toString('utf8'), recipients: session.envelope.rcptTo.map(({ address }) => address) });
        done();
      });
    },
    ...behaviour,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
