import { parseSender, transportUrl } from '../../adapters/mail/settings.js';
import { createMailer } from '../../adapters/mail/index.js';

const refused = (act: () => unknown): { type?: unknown; message: string } => {
  try {
    act();
  } catch (cause: unknown) {
    return cause as { type?: unknown; message: string };
  }
  throw new Error('nothing was refused');
};

describe('the URL of the mail server', () => {
  test.each([
    ['smtp://ops:word@mail.example.org:587', true],
    ['smtp://mail.example.org', false],
    ['smtps://ops:word@mail.example.org', false], // encrypted from the start
    ['smtp://ops:word@127.0.0.1:2525', false],
    ['smtp://ops:word@localhost:2525', false],
    ['smtp://ops:word@[::1]:2525', false],
    ['smtp://ops:word@127.evil.example.org', true],
  ])('%s must be upgraded to TLS before credentials travel: %s', (url, requireTLS) => {
    expect(transportUrl(url)).toEqual({ url, requireTLS });
  });

  test.each(['', 'mail.example.org', 'https://s3cret.example.org', 'smtp://', 'smtp:s3cret', 'direct://s3cret.example.org'])('%j is refused without being quoted', (url) => {
    const { type, message } = refused(() => createMailer({ smtpUrl: url, from: 'meetings@example.org' }));
    expect(type).toBe('InvalidInput');
    expect(message).not.toContain('s3cret');
  });

  test.each(['logger=true', 'debug=true', 'maxRequeues=5', 'pool=false', 'requireTLS=false&disableFileAccess=false'])('may not set %s', (query) => {
    const { type, message } = refused(() => transportUrl(`smtp://ops:s3cret@mail.example.org?${query}`));
    expect(type).toBe('InvalidInput');
    expect(message).not.toContain('s3cret');
  });

  test('may relax TLS, because that is the operator’s to decide', () => {
    const url = 'smtp://mail.example.org?requireTLS=false&tls.rejectUnauthorized=false';
    expect(transportUrl(url).url).toBe(url);
  });
});

describe('the sender', () => {
  test('gives name, address and domain, and is asked when nobody else is named', () => {
    expect(parseSender('Meetings <Meetings@Example.org>')).toEqual({ from: { name: 'Meetings', address: 'Meetings@Example.org' }, replyTo: 'Meetings@Example.org', domain: 'example.org' });
    expect(parseSender('meetings@example.org', 'Help <helpdesk@example.org>').replyTo).toBe('helpdesk@example.org');
  });

  test.each(['', 'Meetings', 'a@example.org, b@example.org', 'Meetings <a@[192.0.2.1]>', 'team: a@example.org, b@example.org;'])('%j is refused', (from) => {
    expect(refused(() => parseSender(from))).toMatchObject({ type: 'InvalidInput', message: 'mail.from is not one mail address' });
    expect(refused(() => parseSender('a@example.org', from))).toMatchObject({ type: 'InvalidInput', message: 'mail.replyTo is not one mail address' });
  });
});
