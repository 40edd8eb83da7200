import { fieldName } from '../../adapters/mail/field-names.js';
import { toLetter } from '../../adapters/mail/letter.js';
import { render } from '../../adapters/mail/render.js';
import { when } from '../../adapters/mail/words.js';
import fc from 'fast-check';
import type { NoticeMail, ToldMeeting } from '../../domain/ports.js';
import { aMail, aToldMeeting } from '../support/mail.js';

describe('when a meeting is', () => {
  test.each([
    ['en', 'Europe/Amsterdam', 'Wednesday, 2 September 2026, 09:00–10:00 (Europe/Amsterdam, GMT+2)'],
    ['nl', 'Europe/Amsterdam', 'woensdag 2 september 2026, 09:00–10:00 (Europe/Amsterdam, GMT+2)'],
    ['en', 'America/New_York', 'Wednesday, 2 September 2026, 03:00–04:00 (America/New_York, GMT-4)'],
    ['en', 'No/Zone', 'Wednesday, 2 September 2026, 07:00–08:00 (UTC, GMT+0)'],
  ] as const)('is told in %s in the zone %s', (language, zone, text) => {
    expect(when(language, zone, '2026-09-02T07:00:00Z', '2026-09-02T08:00:00Z').replace('(UTC, GMT)', '(UTC, GMT+0)')).toBe(text);
  });

  test('names both days when it passes midnight there', () => {
    expect(when('en', 'Europe/Amsterdam', '2026-09-02T21:00:00Z', '2026-09-02T23:00:00Z')).toBe('Wednesday, 2 September 2026 at 23:00 – Thursday, 3 September 2026 at 01:00 (Europe/Amsterdam, GMT+2)');
  });

  test('follows the zone’s winter time', () => {
    expect(when('en', 'Europe/Amsterdam', '2026-12-02T08:00:00Z')).toBe('Wednesday, 2 December 2026 at 09:00 (Europe/Amsterdam, GMT+1)');
  });
});

describe('a field that was not carried over', () => {
  test.each([
    ['options.trackingCodes', 'the tracking codes', 'de registratiecodes'],
    ['trackingCodes.Cost\ncentre 4.2', 'the tracking code “Cost centre 4.2” as it was', 'de registratiecode “Cost centre 4.2” zoals die was'],
    ['audioConnectionOptions.entryAndExitTone', 'the tone at entry and exit', 'de toon bij binnenkomst en vertrek'],
    ['panelistPassword', 'the passcode for panelists (there is a new one)', 'de toegangscode voor panelleden (er is een nieuwe)'],
    ['changes.audioConnectionOptions.entryAndExitTone', 'the tone at entry and exit, in single changed occurrences', 'de toon bij binnenkomst en vertrek, op losse, gewijzigde data'],
    ['survey', 'the survey, if there was one', 'de enquête, als die er was'],
    ['visualWatermarkOpacity', 'visual watermark opacity', 'visual watermark opacity'],
    ['constructor', 'constructor', 'constructor'],
  ])('%s is told in plain words', (field, en, nl) => {
    expect([fieldName('en', field), fieldName('nl', field)]).toEqual([en, nl]);
  });
});

describe('a letter about meetings that were taken over', () => {
  const inherited = aToldMeeting({ inherited: true, title: 'Plim' });
  const own = aToldMeeting({ title: 'Quib' });

  test.each([['en', 'Taken over', /yours now/], ['nl', 'Overgenomen', /nu van u/]] as const)('tells in %s whose they are now, beside the new link, and what to do', (language, label, whose) => {
    const letter = toLetter(aMail({ language, meetings: [inherited] }), 'helpdesk@example.org');
    expect(letter.subject).toMatch(whose);
    expect(letter.intro).toHaveLength(2);
    expect(letter.meetings[0]?.facts.find((fact) => fact.label === label)?.value).toMatch(whose);
    expect(letter.meetings[0]?.facts.some(({ href }) => href === inherited.newLink)).toBe(true);
    expect(letter.sections).toHaveLength(2);
  });

  test.each(['en', 'nl'] as const)('has in %s words for one’s own beside them, and marks which are which', (language) => {
    const letter = toLetter(aMail({ language, meetings: [own, inherited] }), 'helpdesk@example.org');
    expect(letter.intro).toHaveLength(3);
    expect(letter.sections).toHaveLength(3);
    const marked = letter.meetings.map(({ title, facts }) => [title, facts.some(({ label }) => label === 'Taken over' || label === 'Overgenomen')]);
    expect(new Map(marked as [string, boolean][])).toEqual(new Map([['Quib', false], ['Plim', true]]));
  });

  test('is corrected like any other: the old link is valid again', () => {
    const letter = toLetter(aMail({ kind: 'correction', meetings: [inherited] }), 'helpdesk@example.org');
    expect(letter.subject).toMatch(/^Correction/);
    expect(letter.intro).toHaveLength(2);
  });
});

describe('a letter about personal rooms', () => {
  const room = aToldMeeting({ room: true, title: 'Plim', newLink: 'https://example.org/meet/prABCD23670651' });
  const labels = (letter: ReturnType<typeof toLetter>) => letter.meetings.map(({ facts }) => facts.map(({ label }) => label));

  test.each(['en', 'nl'] as const)('tells in %s the new link, and no time that a room does not have', (language) => {
    const letter = toLetter(aMail({ language, meetings: [room] }), 'helpdesk@example.org');
    expect(letter.subject).toMatch(/personal room|persoonlijke ruimte/);
    expect(labels(letter)).toEqual([language === 'en' ? ['New link', 'New number', 'Old link stops working'] : ['Nieuwe link', 'Nieuw nummer', 'Oude link vervalt']]);
    expect(letter.meetings[0]?.facts[0]?.href).toBe(room.newLink);
  });

  test('says beside meetings what goes for each, and what happened once', () => {
    const letter = toLetter(aMail({ meetings: [room, aToldMeeting(), aToldMeeting()], whatHappened: 'It was so.' }), 'helpdesk@example.org');
    expect(letter.subject).toContain('3 of your meetings');
    expect(letter.intro).toHaveLength(3);
    expect(letter.intro.filter((text) => text === 'It was so.')).toHaveLength(1);
    expect(letter.intro[1]).toContain('2 of your meetings');
    expect(letter.intro[2]).toContain('your personal room');
    expect(letter.sections.map(({ heading }) => heading)).toEqual(['What you need to do', 'What you need to do about your personal room', 'Keeping meetings safe']);
  });

  test('corrects without a time', () => {
    expect(labels(toLetter(aMail({ kind: 'correction', meetings: [room] }), 'helpdesk@example.org'))).toEqual([['Withdrawn link, do not use', 'Withdrawn number']]);
  });
});

describe('a letter', () => {
  test('names each lost field once', () => {
    const { meetings } = toLetter(aMail({ meetings: [aToldMeeting({ notCarriedOver: ['agenda', 'options.agenda', 'polls'] })] }), 'helpdesk@example.org');
    expect(meetings[0]?.facts.find(({ label }) => label === 'Not carried over')?.value).toBe('the agenda text, the polls');
  });

  test.each([['en', /^the links of single changed occurrences/], ['nl', /^de links van losse, gewijzigde data/]] as const)('says in %s that changed occurrences have new links of their own', (language, words) => {
    const { meetings } = toLetter(aMail({ language, meetings: [aToldMeeting({ notCarriedOver: ['occurrenceLinks'] })] }), 'helpdesk@example.org');
    expect(meetings[0]?.facts.at(-1)?.value).toMatch(words);
  });

  test('says the same as text and as HTML, in which no title or name can become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (title, name) => {
        const letter = toLetter(aMail({ to: { email: 'robin@example.org', name }, meetings: [aToldMeeting({ title })] }), 'helpdesk@example.org');
        const { text, html } = render(letter);
        expect(text.split('\n')).toContain(`1. ${letter.meetings[0]?.title}`);
        expect(html.match(/<[a-z][a-z0-9]*/g)).toEqual(render(toLetter(aMail(), 'helpdesk@example.org')).html.match(/<[a-z][a-z0-9]*/g));
      }),
    );
  });
});

describe.each(['en', 'nl'] as const)('a letter about what an organiser did with the old meeting, in %s', (language) => {
  const about = (kind: NoticeMail['kind'], more: Partial<ToldMeeting> = {}) => toLetter(aMail({ kind, language, meetings: [aToldMeeting({ newLink: 'https://example.org/new', ...more })] }), 'helpdesk@example.org');
  const isOneToFollow = ({ meetings }: ReturnType<typeof toLetter>): boolean => meetings.some(({ facts }) => facts.some(({ href }) => href === 'https://example.org/new'));

  test('names what was changed, and shows the new link', () => {
    const [told] = about('changed', { edited: ['time', 'passcode'] }).meetings;
    expect(told?.facts.map(({ value }) => value)).toContain(language === 'en' ? 'the times, the passcode (the new meeting keeps its own)' : 'de tijden, de toegangscode (de nieuwe vergadering houdt haar eigen)');
    expect(isOneToFollow(about('changed'))).toBe(true);
  });

  test('asks, and says whom to answer and what follows from it', () => {
    const letter = about('question');
    expect([letter.subject, letter.closing.join(' ')]).toEqual([expect.stringMatching(/^Please answer|^Graag antwoord/), expect.stringContaining('helpdesk@example.org')]);
    expect(letter.sections[0]?.items.map((item) => /^(If yes|Zo ja)/.test(item) || (/^(If no|Zo nee)/.test(item) ? 'no' : null))).toEqual([null, true, 'no']);
    expect(isOneToFollow(letter)).toBe(true);
  });

  test('says that it was deleted too, with a link that is not to be followed', () => {
    expect(isOneToFollow(about('withdrawn'))).toBe(false);
    expect(render(about('withdrawn')).text).toContain('https://example.org/new');
  });
});
