import fc from 'fast-check';
import { scrubbed } from '../../adapters/vendors/webex/agenda.js';
import type { MeetingSnapshot } from '../../domain/meeting.js';

const NUMBER = '25544852539';
const MTID = 'm0123456789abcdef0123456789abcdef';
const occurrence = { start: '2026-12-01T09:00:00.000Z', end: '2026-12-01T10:00:00.000Z' };
const meeting: MeetingSnapshot = {
  identity: { vendor: 'webex', site: 'example.webex.com', id: 'a', hostEmail: 'robin@example.org', number: NUMBER, link: `https://example.webex.com/example/j.php?MTID=${MTID}`, sipAddress: `${NUMBER}@example.webex.com`, accessCode: NUMBER },
  kind: 'series', hostName: 'Robin Vael', title: 'Vorla', timezone: 'UTC', ...occurrence, recurrence: 'FREQ=WEEKLY', occurrences: [occurrence], options: {}, invitees: [], tags: [],
  password: '6PCdCYKmN43', phonePassword: '72323956', alsoReachedBy: ['+1-415-655-0002', 'https://example.webex.com/example/j.php?RGID=r0123456789abcdef0123456789abcdef', '25544852540', `https://example.webex.com/example/j.php?MTID=${MTID.replace('0', 'f')}`],
};
const cleaned = (agenda: string, more: Partial<MeetingSnapshot> = {}): string | undefined => scrubbed({ ...meeting, ...more, agenda }).agenda;

describe('what is copied of a description is without', () => {
  test.each([
    ['the link', `Join: ${meeting.identity.link}.`, 'Join: […].'],
    ['the link without its scheme', `at example.webex.com/example/j.php?MTID=${MTID}, as ever`, 'at […], as ever'],
    ['the link in brackets', `(${meeting.identity.link}) <${meeting.identity.link}>`, '([…]) <[…]>'],
    ['the link in another one', `https://eur01.safelinks.protection.example.org/?url=https%3A%2F%2Fexample.webex.com%2Fexample%2Fj.php%3FMTID%3D${MTID}&data=05 see there`, '[…] see there'],
    ['the link to register', 'https://example.webex.com/example/j.php?RGID=r0123456789abcdef0123456789abcdef', '[…]'],
    ['the list of numbers to dial, whatever its id', 'Global call-in numbers: https://example.webex.com/example/globalcallin.php?MTID=m99', 'Global call-in numbers: […]'],
    ['the number', `Number ${NUMBER}!`, 'Number […]!'],
    ['the number in groups', 'Meeting number (access code): 2554 485 2539', 'Meeting number (access code): […]'],
    ['the number with hard blanks and dashes', '2554\u00a0485\u00a02539 or 2554-485-2539', '[…] or […]'],
    ['the SIP address', `Dial ${NUMBER}@example.webex.com or sip:${NUMBER}@example.webex.com.`, 'Dial […] or […].'],
    ['the address for another video system', `${NUMBER}.example@lync.example.org`, '[…]'],
    ['a number to tap', `+1-415-655-0002,,${NUMBER}## Call-in`, '[…] Call-in'],
    ['a number to dial', 'by phone: +1-415-655-0002 or +1 415 655 0002', 'by phone: […] or […]'],
    ['the passcodes', 'Password: 6PCdCYKmN43 (72323956 from phones)', 'Password: […] ([…] from phones)'],
    ['number and link of a changed occurrence', `2554 485 2540 https://example.webex.com/example/j.php?MTID=${MTID.replace('0', 'f')}`, '[…] […]'],
  ])('%s', (_, written, left) => expect(cleaned(written)).toBe(left));

  test('a link that has no long id, as long as it is the whole of it', () => {
    const identity = { ...meeting.identity, link: 'https://meet.example.org/j.php?MTID=m1' };
    expect(cleaned('https://meet.example.org/j.php?MTID=m1 https://meet.example.org/j.php?MTID=m12', { identity })).toBe('[…] https://meet.example.org/j.php?MTID=m12');
  });
});

test.each([
  'Bring the blorb at 12.30, room 2554, ask noor@example.org',
  'papers: https://papers.example.org/2539 and https://example.webex.com/recordingservice/x',
  `another meeting: https://example.webex.com/example/j.php?MTID=${MTID.replace('m0', 'mf')}f and 25544852538`,
  `1${NUMBER} and ${NUMBER}1 are others`,
])('everything else stays: %s', (agenda) => {
  const whole = { ...meeting, agenda };
  expect(scrubbed(whole)).toBe(whole);
});

test('a passcode that could be any word is none to look for', () => expect(cleaned('the budget and 7', { password: 'budget', phonePassword: '7' })).toBe('the budget and 7'));

test('descriptions of changed occurrences are cleaned too, and one that was another by its link alone is no change any more', () => {
  const held = (day: string, agenda: string) => ({ start: `2026-12-${day}T09:00:00.000Z`, end: `2026-12-${day}T10:00:00.000Z`, title: 'Vorla', agenda, invitees: [] });
  const changes = [{ original: '2026-12-08T09:00:00.000Z', held: held('08', `Bring it to ${NUMBER}`) }, { original: '2026-12-15T09:00:00.000Z', held: held('15', `Talk ${NUMBER}`) }, { original: '2026-12-22T09:00:00.000Z' }];
  const clean = scrubbed({ ...meeting, agenda: 'Talk […]', changes });
  expect(clean.changes).toEqual([{ original: '2026-12-08T09:00:00.000Z', held: held('08', 'Bring it to […]') }, { original: '2026-12-22T09:00:00.000Z' }]);
});

test('what is clean stays as it is, and holds no handle any more, whatever stands around it', () => {
  const handles = [meeting.identity.link, NUMBER, '2554 485 2539', `${NUMBER}@example.webex.com`, '6PCdCYKmN43', '72323956', `+1-415-655-0002,,${NUMBER}##`];
  const around = fc.constantFrom(' ', '\n', ' plim ', '. ', '(', ') ', '<', '> ', '"', ', ');
  fc.assert(
    fc.property(fc.array(fc.tuple(around, fc.constantFrom(...handles, 'https://papers.example.org/a', '12.30')), { maxLength: 12 }), (parts) => {
      const once = cleaned(`${parts.map((part) => part.join('')).join('')} `) ?? '';
      expect(cleaned(once)).toBe(once);
      for (const handle of [MTID, NUMBER, '2554 485 2539', '6PCdCYKmN43', '72323956']) expect(once).not.toContain(handle);
    }),
  );
});
