import { createServer, type AddressInfo } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { createMailer } from '../../adapters/mail/index.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { NoticeMail } from '../../domain/ports.js';
import { aMail, reply, startMailServer, type MailServer } from '../support/mail.js';

const from = 'Meetings <meetings@example.org>';

/** What one attempt at a server of this behaviour throws. */
async function attempt(behaviour: SMTPServerOptions, changes: Partial<NoticeMail> = {}): Promise<{ failure: RelinkFailure; server: MailServer }> {
  const server = await startMailServer(behaviour);
  const mailer = createMailer({ smtpUrl: server.url, from });
  try {
    const failure: unknown = await mailer.send(aMail(changes)).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (!(failure instanceof RelinkFailure)) throw new Error('expected a RelinkFailure');
    return { failure, server };
  } finally {
    mailer.close();
    await server.close();
  }
}

const atRecipient = (code: number, text: string): SMTPServerOptions => ({ onRcptTo: (_address, _session, done) => done(reply(code, text)) });
const atSender = (code: number, text: string): SMTPServerOptions => ({ onMailFrom: (_address, _session, done) => done(reply(code, text)) });
const atData = (code: number, text: string): SMTPServerOptions => ({
  onData: (stream, _session, done) => {
    stream.resume();
    stream.on('end', () => done(reply(code, text)));
  },
});

describe('a refusal by the mail server', () => {
  test.each([
    ['an unknown mailbox', atRecipient(550, '5.1.1 <robin@example.org> unknown'), 550],
    ['an unknown mailbox, told without an enhanced code', atRecipient(550, 'no robin@example.org here'), 550],
    ['an unknown mailbox, told by a routing code', atRecipient(550, '5.4.1 robin@example.org: access denied'), 550],
    ['a disabled mailbox', atRecipient(550, '5.2.1 disabled'), 550],
    ['a mailbox that moved', atRecipient(551, 'robin@example.org is not local'), 551],
    ['an impossible name', atRecipient(553, 'no such name robin@example.org'), 553],
    ['a domain that takes no mail', atRecipient(556, 'no mail here'), 556],
    ['an unknown mailbox behind 554', atRecipient(554, '5.1.1 robin@example.org unknown'), 554],
    ['an unknown mailbox, told after the data', atData(550, '5.1.1 robin@example.org unknown'), 550],
  ])('is for good when it is %s', async (_what, behaviour, status) => {
    const { failure, server } = await attempt(behaviour);
    expect(failure.type).toBe('OrganiserUnreachable');
    expect(failure.facts.status).toBe(status);
    expect(server.received).toEqual([]);
  });

  test.each([
    ['a busy server', atRecipient(451, '4.3.0 later, robin@example.org')],
    ['greylisting', atRecipient(450, '4.7.1 greylisted robin@example.org')],
    ['a full mailbox', atRecipient(552, '5.2.2 robin@example.org is full')],
    ['a full mailbox behind 550', atRecipient(550, '5.2.2 robin@example.org is full')],
    ['a denied relay', atRecipient(550, '5.7.1 relaying denied for robin@example.org')],
    ['a denied relay behind 554', atRecipient(554, 'relay access denied for robin@example.org')],
    ['a refused sender', atSender(550, '5.1.8 meetings@example.org unknown')],
    ['a content filter', atData(550, '5.7.1 spam for robin@example.org')],
    ['a temporary trouble after the data', atData(452, '4.3.1 disk full')],
  ])('may pass when it is %s', async (_what, behaviour) => {
    const { failure } = await attempt(behaviour);
    expect(failure.type).toBe('MailUnavailable');
  });

  test.each([
    ['RCPT TO', atRecipient(550, '5.1.1 <robin@example.org> unknown'), 'mail was not accepted: 550 5.1.1 EENVELOPE at RCPT TO'],
    ['DATA', atData(451, '4.3.0 robin@example.org: Budget round'), 'mail was not accepted: 451 4.3.0 EMESSAGE at DATA'],
  ])('at %s is told by codes, never by what the server wrote', async (_command, behaviour, message) => {
    const { failure } = await attempt(behaviour);
    expect(failure.message).toBe(message);
    expect(`${failure.stack} ${JSON.stringify(failure)}`).not.toMatch(/robin|Budget/);
    expect(failure.cause).toBeUndefined();
  });
});

describe('an address that is not one plain mailbox', () => {
  test.each(['', 'robin', 'robin@example.org, mallory@example.org', 'robin@example.org\r\nRCPT TO:<mallory@example.org>', '<robin@example.org>', 'ro bin@example.org', 'robin@', 'a@b@example.org'])(
    'is unreachable without a word to the server: %j',
    async (email) => {
      const { failure, server } = await attempt({}, { to: { email, name: 'Robin' } });
      expect(failure.type).toBe('OrganiserUnreachable');
      expect(failure.message).not.toContain('example.org');
      expect(server.connections()).toBe(0);
    },
  );
});

describe('a mail server that is not there', () => {
  test.each([
    ['before its greeting', ''],
    ['in the middle of a mail', '220 mail.example.org\r\n'],
  ])('or goes away %s is met once: repeating is not the mailer’s business', async (_when, greeting) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => socket.destroy());
      if (greeting === '') return void socket.end();
      socket.write(greeting);
      socket.on('data', (command) => (command.toString().startsWith('MAIL') ? socket.destroy() : socket.write('250 ok\r\n')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, from });
    try {
      await expect(mailer.send(aMail())).rejects.toMatchObject({ type: 'MailUnavailable' });
      expect(connections).toBe(1);
    } finally {
      mailer.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('is unavailable, for sending and for a check', async () => {
    const server = await startMailServer();
    await server.close();
    const mailer = createMailer({ smtpUrl: server.url, from });
    await expect(mailer.send(aMail())).rejects.toMatchObject({ type: 'MailUnavailable' });
    await expect(mailer.verify()).rejects.toMatchObject({ type: 'MailUnavailable' });
    mailer.close();
  });

  test('is unavailable when it refuses the credentials', async () => {
    const server = await startMailServer({ authOptional: false, allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(reply(535, 'no, ops')) });
    const mailer = createMailer({ smtpUrl: server.url.replace('//', '//ops:s3cret-word@'), from });
    await expect(mailer.verify()).rejects.toMatchObject({ type: 'MailUnavailable', facts: { status: 535 }, message: 'mail was not accepted: 535 EAUTH' });
    mailer.close();
    await server.close();
  });

  test('passes the check when it is there', async () => {
    const server = await startMailServer();
    const mailer = createMailer({ smtpUrl: server.url, from });
    await expect(mailer.verify()).resolves.toBeUndefined();
    mailer.close();
    await server.close();
  });
});
