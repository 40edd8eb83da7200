import { needOf, type CredentialRecord } from '../../domain/credential.js';

type Access = NonNullable<CredentialRecord['access']>;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const of = (access: Partial<Access> | null, more: Partial<Pick<CredentialRecord, 'replaced' | 'failed'>> = {}): string => {
  const whole = access && { token: 't', leftMs: 10 * DAY, lifeMs: 14 * DAY, ageMs: 4 * DAY, refused: false, hasty: false, ...access };
  return needOf({ access: whole, replaced: false, failed: null, ...more }).need;
};

test.each<[string, Partial<Access> | null, string]>([
  ['none', null, 'now'],
  ['one that is over', { leftMs: 0 }, 'now'],
  ['one that the vendor refused', { refused: true }, 'now'],
  ['one that was refused as soon as it came', { refused: true, ageMs: 100 }, 'now'],
  ['one that was refused as soon as it came, like the one before', { refused: true, ageMs: 100, hasty: true }, 'none'],
  ['the same a minute later', { refused: true, ageMs: MINUTE + 1, hasty: true }, 'now'],
  ['ten days', {}, 'none'],
  ['a twentieth of its life', { leftMs: 0.05 * 14 * DAY - 1 }, 'early'],
  ['a little more than that', { leftMs: 0.05 * 14 * DAY + 1 }, 'none'],
  ['ten minutes of an hour', { leftMs: 10 * MINUTE - 1, lifeMs: HOUR }, 'early'],
  ['half of a life of a minute', { leftMs: 31_000, lifeMs: MINUTE }, 'none'],
  ['less than half of it', { leftMs: 29_000, lifeMs: MINUTE }, 'early'],
])('with an access token like this a renewal is due: %s', (_, access, need) => expect(of(access)).toBe(need));

test('a new token in the configuration, or trouble with one that is no longer meant, is looked into at once', () => {
  expect(of({}, { replaced: true })).toBe('early');
  expect(of({}, { failed: { problem: 'RefreshRefused', same: false } })).toBe('early');
  expect(of({}, { failed: { problem: 'RefreshRefused', same: true } })).toBe('none');
});
