import { simpleParser, type ParsedMail } from 'mailparser';
import { createMailer } from '../../adapters/mail/index.js';
import { aMail, anAnnouncedMeeting, anAnnouncement, aToldMeeting, startMailServer, type MailServer, type Received } from '../support/mail.js';
import type { AnnouncementMail, Mailer, NoticeMail } from '../../domain/ports.js';

describe('a mail that the server accepts', () => {
  let server: MailServer;
  let mailer: Mailer & { close(): void };

  beforeEach(async () => {
    server = await startMailServer();
    mailer = createMailer({ smtpUrl: server.url, from: 'Meetings <meetings@example.org>', replyTo: 'helpdesk@example.org' });
  });
  afterEach(async () => {
    mailer.close();
    await server.close();
  });

  const sent = (changes: Partial<NoticeMail> = {}) => delivered(aMail(changes));
  async function delivered(mail: NoticeMail | AnnouncementMail): Promise<Received & { parsed: ParsedMail }> {
    await mailer.send(mail);
    const last = server.received.at(-1);
    if (!last) throw new Error('nothing was received');
    return { ...last, parsed: await simpleParser(last.raw) };
  }

  test('goes to the organiser alone, from the configured sender, with answers to the help desk', async () => {
    const { parsed, recipients } = await sent();
    expect(recipients).toEqual(['robin@example.org']);
    expect(parsed.from?.value).toEqual([{ address: 'meetings@example.org', name: 'Meetings' }]);
    expect(parsed.replyTo?.text).toBe('helpdesk@example.org');
    expect(parsed.to).toMatchObject({ value: [{ address: 'robin@example.org', name: 'Robin Vos' }] });
  });

  test('can be filtered by campaign and gets no automatic answers', async () => {
    const { raw } = await sent();
    expect(raw).toMatch(/^List-I[dD]: <relink\.spring-repair\.example\.org>\r?$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
  });

  test('has the same Message-ID whenever its key is the same, and another for another key', async () => {
    const first = await sent({ key: 'digest-0001' });
    const again = await sent({ key: 'digest-0001' });
    const other = await sent({ key: 'digest-0002' });
    expect(first.parsed.messageId).toBe('<digest-0001@example.org>');
    expect(again.parsed.messageId).toBe(first.parsed.messageId);
    expect(other.parsed.messageId).not.toBe(first.parsed.messageId);
  });

  test.each(['text', 'html'] as const)('tells in %s what changed, what to do, and until when', async (part) => {
    const { parsed } = await sent({ whatHappened: 'Links were easy to guess.', meetings: [aToldMeeting({ notCarriedOver: ['options.trackingCodes', 'visualWatermarkOpacity'] })] });
    const body = String(parsed[part]);
    for (const said of [
      'Hello Robin Vos',
      'easy to guess',
      'Budget round',
      'Wednesday, 2 September 2026, 09:00–10:00 (Europe/Amsterdam, GMT+2)',
      'https://example.org/join/new-4711',
      '2551 555 0123',
      'no later than Tuesday, 1 September 2026 at 08:15 (Europe/Amsterdam, GMT+2)',
      '12 carried over, not yet told',
      'the tracking codes, visual watermark opacity',
      'The service sends them no invitation',
      'lobby',
      'passcode',
      'personal room',
      'helpdesk@example.org',
    ])
      expect(body).toContain(said);
  });

  test('says in general what happened when the advisory does not tell organisers', async () => {
    expect(String((await sent()).parsed.text)).toContain('had a security flaw. It has been repaired, but meetings planned before');
  });

  test('covers many meetings, soonest first, and counts them in a subject without titles', async () => {
    const { parsed } = await sent({
      meetings: [
        aToldMeeting({ title: 'Later one', start: '2026-09-03T07:00:00.000Z', end: '2026-09-03T08:00:00.000Z' }),
        aToldMeeting({ title: 'Sooner one', recurring: true }),
      ],
    });
    const text = String(parsed.text);
    expect(text.indexOf('1. Sooner one')).toBeGreaterThan(0);
    expect(text.indexOf('2. Later one')).toBeGreaterThan(text.indexOf('1. Sooner one'));
    expect(text).toContain('Next in the series: Wednesday');
    expect(parsed.subject).toBe('Action needed: 2 of your meetings have new links (security repair)');
  });

  test('takes a replacement back: the old link is valid, and the new one is nothing to click on', async () => {
    const { parsed } = await sent({ kind: 'correction' });
    expect(parsed.text).toContain('The old link is valid again; do not use the new one.');
    expect(parsed.text).toContain('Withdrawn link, do not use: https://example.org/join/new-4711');
    expect(parsed.html).not.toContain('href=');
    expect(parsed.text).not.toContain('no later than');
    expect(parsed.subject).toBe('Correction: the old link of one of your meetings is valid again');
  });

  test.each([
    ['replaced', 'De dienst stuurt hun geen uitnodiging', 'Actie nodig: een van uw vergaderingen heeft een nieuwe link (beveiliging)'],
    ['correction', 'De oude link geldt weer; gebruik de nieuwe niet.', 'Correctie: de oude link van een van uw vergaderingen geldt weer'],
  ] as const)('is Dutch throughout when the campaign is Dutch: %s', async (kind, sentence, subject) => {
    const { parsed } = await sent({ kind, language: 'nl' });
    expect(parsed.subject).toBe(subject);
    for (const part of [parsed.text, String(parsed.html)]) {
      expect(part).toContain('Beste Robin Vos');
      expect(part).toContain(sentence);
      expect(part).toContain('woensdag 2 september 2026, 09:00–10:00 (Europe/Amsterdam, GMT+2)');
      expect(part).not.toMatch(/\b(the|your|meeting)\b/i);
    }
    expect(parsed.html).toContain('<html lang="nl">');
  });

  test.each(['text', 'html'] as const)('tells in %s ahead which meetings get a new link, why, not before when, and how to object', async (part) => {
    const series = anAnnouncedMeeting({ kind: 'series', title: 'Weekly', start: '2026-09-04T07:00:00.000Z', end: '2026-09-04T08:00:00.000Z' });
    const { parsed, recipients } = await delivered(anAnnouncement({ whatHappened: 'A flaw was found.', meetings: [series, anAnnouncedMeeting({ title: 'Budget <round>' })] }));
    const body = part === 'text' ? String(parsed.text) : String(parsed.html).replaceAll('&lt;', '<').replaceAll('&gt;', '>');
    expect(recipients).toEqual(['robin@example.org']);
    for (const said of [
      'Hello Robin Vos',
      'A flaw was found.',
      '2 of your meetings are among them',
      'Budget <round>',
      'Wednesday, 2 September 2026, 09:00–10:00 (Europe/Amsterdam, GMT+2)',
      'Friday, 4 September 2026, 09:00–10:00 (Europe/Amsterdam, GMT+2)',
      '2551 555 0100',
      'not before Sunday, 30 August 2026 at 08:15 (Europe/Amsterdam, GMT+2)',
      'the old link stays valid',
      'write to helpdesk@example.org before the time above',
    ])
      expect(body).toContain(said);
    expect(body).not.toMatch(/https?:/);
    expect(parsed.subject).toBe('Announcement: 2 of your meetings are going to get new links (security repair)');
  });

  test('tells ahead of a personal room what is different with it, and no time that it does not have', async () => {
    const room = anAnnouncedMeeting({ kind: 'room', title: 'Room of Robin', timezone: 'UTC', number: '' });
    const { parsed } = await delivered(anAnnouncement({ meetings: [room] }));
    expect(parsed.subject).toBe('Announcement: your personal room is going to get a new link (security repair)');
    expect(parsed.text).toContain('The old link of the room stops working at the moment when it gets the new one');
    expect(parsed.text).not.toMatch(/When:|Number:/);
    const both = await delivered(anAnnouncement({ meetings: [room, anAnnouncedMeeting({ title: '' })] }));
    expect(both.parsed.subject).toContain('2 of your meetings');
    expect(String(both.parsed.text).match(/The link of your personal room can be guessed|One of your meetings is among them|\(meeting without a title\)/g)).toHaveLength(3);
  });

  test('is Dutch throughout also when it tells ahead', async () => {
    const { parsed } = await delivered(anAnnouncement({ language: 'nl', meetings: [anAnnouncedMeeting(), anAnnouncedMeeting({ kind: 'room', title: 'Kamer', timezone: 'Europe/Amsterdam' })] }));
    expect(parsed.subject).toBe('Aankondiging: 2 van uw vergaderingen krijgen nieuwe links (beveiliging)');
    expect(parsed.text).toContain('Link wordt vervangen: niet vóór zondag 30 augustus 2026 om 08:15 (Europe/Amsterdam, GMT+2)');
    expect(parsed.text).toContain('schrijf naar helpdesk@example.org vóór het tijdstip hierboven');
    for (const part of [parsed.text, String(parsed.html)]) expect(part).not.toMatch(/\b(the|your|meeting)\b/i);
  });

  test('keeps hostile titles, names and links harmless', async () => {
    const { raw, parsed, recipients } = await sent({
      to: { email: 'robin@example.org', name: 'Robin\r\nBcc: victim@example.org' },
      campaign: 'x>\r\nBcc: victim@example.org',
      key: 'k>\r\nBcc: victim@example.org',
      meetings: [
        aToldMeeting({ title: '<script>alert(1)</script>\r\nBcc: victim@example.org', newLink: 'javascript:alert(1)' }),
        aToldMeeting({ title: '=HYPERLINK("https://example.org")', newLink: 'https://example.org/"onmouseover="x' }),
        aToldMeeting({ title: 'a\u202Egro.elpmaxe\u2028b', timezone: 'Nowhere/At-All' }),
      ],
    });
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    expect(recipients).toEqual(['robin@example.org']);
    expect(head).not.toMatch(/^bcc:/im);
    expect(parsed.html).not.toMatch(/<script|javascript:alert\(1\)"|"onmouseover/);
    expect(parsed.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; Bcc: victim@example.org');
    expect(parsed.text).toContain('2. =HYPERLINK("https://example.org")');
    expect(parsed.text).toContain('3. agro.elpmaxe b');
    expect(parsed.text).toContain('07:00–08:00 (UTC, GMT');
    expect(parsed.messageId).toMatch(/^<[0-9a-f]{64}@example\.org>$/);
  });

  test('loads nothing from elsewhere', async () => {
    const { parsed } = await sent();
    expect(parsed.html).not.toMatch(/\bsrc=|<link|@import|url\(/);
    expect(parsed.attachments).toEqual([]);
  });

  test('greets without a name and stands in for an empty title', async () => {
    const { parsed } = await sent({ to: { email: 'robin@example.org', name: '' }, meetings: [aToldMeeting({ title: ' ', inviteeCount: 0 })] });
    expect(parsed.text).toContain('Hello,');
    expect(parsed.text).toContain('1. (meeting without a title)');
    expect(parsed.text).toContain('Invitees: none');
  });
});
