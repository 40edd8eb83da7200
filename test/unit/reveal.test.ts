import pc from 'picocolors';
import { revealedOf, revealText } from '../../client/show/reveal.js';
import { run } from '../../client/cli.js';
import { createScreen } from '../../client/io.js';
import type { MeetingIdentity, MeetingSnapshot } from '../../domain/meeting.js';

const plain = pc.createColors(false);

const identity = (id: string): MeetingIdentity => ({
  vendor: 'webex',
  site: 'meet.example.org',
  id,
  hostEmail: 'robin@example.org',
  number: id === 'm1' ? '25501110001' : '25501110002',
  link: `https://meet.example.org/j.php?MTID=secret-${id}`,
  sipAddress: `secret-sip-${id}@meet.example.org`,
  accessCode: `secret-code-${id}`,
});

const AGENDA = `Figures of the year
join at https://meet.example.org/j.php?MTID=secret-m1 or meet.example.org/meet/secret-room,
by video secret-sip-m1@meet.example.org or 25501110001@meet.example.org, passcode Secret-Pass-1, panel Secret-Pass-2,
call tel:+31205550100 or +31 20 555 0199,,25501110009#, code secret-code-m1 (72323956 by phone), the new one secret-sip-m2@meet.example.org,
papers: https://papers.example.org/secret-folder, questions to ada@example.org before 12.30/13.30`;

const snapshot: MeetingSnapshot = {
  identity: identity('m1'),
  kind: 'series',
  hostName: 'Robin Vael',
  title: 'Budget (Secret-Pass-1)',
  agenda: AGENDA,
  timezone: 'Europe/Amsterdam',
  start: '2026-12-01T09:00:00.000Z',
  end: '2026-12-01T10:00:00.000Z',
  recurrence: 'FREQ=WEEKLY;BYDAY=TU',
  occurrences: [{ start: '2026-12-01T09:00:00.000Z', end: '2026-12-01T10:00:00.000Z' }],
  changes: [
    { original: '2026-12-08T09:00:00.000Z', held: { start: '2026-12-08T13:00:00.000Z', end: '2026-12-08T14:00:00.000Z', title: 'Budget, later', agenda: 'https://meet.example.org/secret', invitees: [{ email: 'eve@example.org', coHost: false, panelist: false }] } },
    { original: '2026-12-15T09:00:00.000Z' },
  ],
  options: { publicMeeting: false, excludePassword: true, reminderTime: 15, meetingOptions: { enabledChat: true }, hostKey: '123456', audioConnectionOptions: { audioConnectionType: 'webexAudio', callInNumber: '555-secret' }, trackingCodes: { Team: 'Finance' } },
  invitees: [
    { email: 'ada@example.org', displayName: 'Ada', coHost: true, panelist: false },
    { email: 'bob@example.org', coHost: false, panelist: true },
  ],
  parts: { breakoutSessions: [{ name: 'Garden', invitees: ['ada@example.org'] }], registrants: [{ email: 'cy@example.org', joinLink: 'https://meet.example.org/secret-cy', status: 'approved' }] },
  tags: ['secret-tag'],
  siteRules: { secret: 'rule' },
  password: 'Secret-Pass-1',
  phonePassword: '72323956',
  panelistPassword: 'Secret-Pass-2',
};

const item = { kind: 'series', legacy: identity('m1'), replacement: identity('m2') } as const;
const told = (revealed: ReturnType<typeof revealedOf>, kind: MeetingSnapshot['kind'] = 'series'): string => revealText(revealed, kind, plain).join('\n');

test('all that is needed to plan a meeting anew is told, in words and as data', () => {
  const revealed = revealedOf(item, snapshot);
  const text = told(revealed);
  for (const words of [
    'robin@example.org (Robin Vael)', 'meet.example.org', 'm1', '25501110001', 'm2, number 25501110002', 'Budget', '2026-12-01 10:00 to 2026-12-01 11:00, Europe/Amsterdam', 'FREQ=WEEKLY;BYDAY=TU',
    '2026-12-08 10:00 2026-12-08 14:00 to 2026-12-08 15:00: Budget, later', 'with eve@example.org', '2026-12-15 10:00 not held', 'Figures of the year', 'questions to ada@example.org before 12.30/13.30', 'papers: https://papers.example.org/[hidden]',
    'enabledChat: true', 'Team: Finance', 'name: Garden, invitees: ada@example.org', 'email: cy@example.org',
  ]) expect(text).toContain(words);
  expect(text).toMatch(/ada@example\.org +Ada +co-host\nbob@example\.org +panelist/);
  expect(text).toMatch(/^excludePassword true$/m);
  expect(revealed).toMatchObject({
    host: 'robin@example.org',
    id: 'm1',
    number: '25501110001',
    replacement: { id: 'm2', number: '25501110002' },
    content: { start: snapshot.start, recurrence: snapshot.recurrence, changes: [{ held: { start: '2026-12-08T13:00:00.000Z' } }, { held: null }], invitees: [{ email: 'ada@example.org', coHost: true }, { panelist: true, displayName: null }], settings: { publicMeeting: false, reminderTime: 15 } },
  });
});

test('no link, no passcode, no host key and no number to dial is in it, wherever somebody wrote one', () => {
  const revealed = revealedOf(item, snapshot);
  for (const text of [told(revealed), JSON.stringify(revealed)]) {
    for (const hidden of [/secret/i, 'MTID', '123456', '72323956', '+31', '25501110009', '25501110001@', '555-']) expect(text).not.toMatch(hidden);
  }
});

test('where nothing was read but a list, it says who has the meeting and by what it is found', () => {
  const text = told(revealedOf({ ...item, replacement: null }, null));
  for (const words of ['robin@example.org', 'meet.example.org', 'm1', '25501110001', 'Nothing more of it was read']) expect(text).toContain(words);
});

test('a key that stands for a host whose list was refused names the host', () => {
  const legacy = { ...identity('m1'), id: 'all of robin@example.org', number: '', link: '' };
  const revealed = revealedOf({ kind: 'single', legacy, replacement: null }, null);
  expect(revealed).toMatchObject({ host: 'robin@example.org', id: null, number: null });
  expect(told(revealed, 'single')).toContain('this stands for meetings of this host that the vendor’s list did not show');
});

test('of a personal room the id is its link, so it is named by its host', () => {
  const revealed = revealedOf({ ...item, kind: 'room' }, null);
  expect(revealed).toMatchObject({ host: 'robin@example.org', id: null, number: null, replacement: null });
  expect(told(revealed, 'room')).toContain('the personal room of this host');
});

test('what others wrote does not steer the terminal', () => {
  expect(told(revealedOf(item, { ...snapshot, title: 'a\u001B[2Jb\rc' }))).toContain('a [2Jb\n                c');
});

test('it is for one meeting: with a selection it is wrong use, before anything is connected', async () => {
  let said = '';
  const screen = createScreen({ write: (text: string | Uint8Array) => ((said += String(text)), true) }, true);
  expect(await run(['show', 'spring', '--state', 'held', '--reveal'], { out: screen, err: screen, ask: null })).toBe(2);
  expect(said).toContain('--reveal is for one meeting');
});
