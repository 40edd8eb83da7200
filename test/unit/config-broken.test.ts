import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { InputError, loadCampaign } from '../../adapters/runtime/config/index.js';
import { ADVISORY, CAMPAIGN, ConfigFolder, RELINK, change } from '../support/config-files.js';

let files: ConfigFolder;
beforeEach(async () => void (files = await ConfigFolder.create()));
afterEach(() => files.remove());

const PLACES = 'write { env: NAME } or { file: path }';
const OAUTH = '{ clientId: a, clientSecret: { env: A }, refreshToken: { env: B } }';
const WAVE = 'write a number of meetings, a share like 5%, or rest for all that are left';
const ZONE = 'write it like 2024-05-28T00:00:00Z or 2024-05-28T02:00:00+02:00';
const URL_HOW = 'write it like https://webexapis.com/v1';

/** What is broken, from, to; then the message: file and line, key, problem and remedy. */
type Broken = readonly [what: string, from: string, to: string, where: string, message: string];

const relink: readonly Broken[] = [
  ['an unknown key', 'requestsPerMinute', 'requestPerMinute', '7: identities.0.requestPerMinute', 'is not known; did you mean requestsPerMinute?'],
  ['an unknown key at the top', 'data:', 'datta:', '1: datta', 'is not known; did you mean data?'],
  ['an unknown key like no other', 'data:', 'workingFolder:', '1: workingFolder', 'is not known; known are: data, identities, mail'],
  ['a reserve of more than half', 'host: 800', 'host: 800, reserve: 60', '8: identities.0.createsPerDay.reserve', 'is too large; write 0 to 50'],
  ['an unknown key of the quotas', 'host: 800', 'hosts: 800', '8: identities.0.createsPerDay.hosts', 'is not known; did you mean host?'],
  ['an unknown key of the mail server', 'smtp: { url', 'smtp: { uri', '11: mail.smtp.uri', 'is not known; did you mean url?'],
  ['a word for a number', '240', 'many', '7: identities.0.requestsPerMinute', 'must be a whole number; write 1 to 1000000'],
  ['half a request', '240', '0.5', '7: identities.0.requestsPerMinute', 'must be a whole number; write 1 to 1000000'],
  ['no request', '240', '0', '7: identities.0.requestsPerMinute', 'is too small; write 1 to 1000000'],
  ['too many requests', '240', '1000001', '7: identities.0.requestsPerMinute', 'is too large; write 1 to 1000000'],
  ['a timeout without end', 'timeout: 30s', 'timeout: 1d', '9: identities.0.timeout', 'is out of range; write 100ms to 10m'],
  ['an identity without a name', 'name: ops-1\n    ', '', '3: identities.0.name', 'is required; use a–z, 0–9 and -'],
  ['an identity with an empty name', 'name: ops-1', 'name:', '3: identities.0.name', 'has no value; use a–z, 0–9 and -'],
  ['an identity without a vendor', 'vendor: webex\n    ', '', '3: identities.0.vendor', 'is required; write webex'],
  ['a vendor that there is no adapter for', 'vendor: webex', 'vendor: webx', '4: identities.0.vendor', 'is not a vendor that Relink knows; write webex'],
  ['two identities of one name', 'mail:', '  - { name: ops-1, vendor: webex }\nmail:', '10: identities.1.name', 'ops-1 is there twice; give each identity a name of its own'],
  ['a secret in the file', '{ env: WEBEX_OPS1_TOKEN }', 'c2VjcmV0', '6: identities.0.token', `must say where the secret is, and never be the secret itself; ${PLACES}`],
  ['a secret in two places', '{ env: WEBEX_OPS1_TOKEN }', '{ env: A, file: b }', '6: identities.0.token', `must name one place; ${PLACES}`],
  ['a secret in no place', '{ env: WEBEX_OPS1_TOKEN }', '{}', '6: identities.0.token', `must name one place; ${PLACES}`],
  ['a variable that cannot be', 'WEBEX_OPS1_TOKEN', '2-b', '6: identities.0.token.env', `is not the name of a variable; ${PLACES}`],
  ['a token in a place and by oauth', '{ env: WEBEX_OPS1_TOKEN }', `{ env: A, oauth: ${OAUTH} }`, '6: identities.0.token', `must name one place; ${PLACES}`],
  ['oauth beside a token', 'requestsPerMinute: 240', `oauth: ${OAUTH}`, '7: identities.0.oauth', 'stands beside a token; keep one of the two'],
  ['oauth that is a word', 'token: { env: WEBEX_OPS1_TOKEN }', 'oauth: yes', '6: identities.0.oauth', 'must be keys with values; write { clientId, clientSecret: { env: NAME }, refreshToken: { env: NAME } }'],
  ['oauth without a refresh token', 'token: { env: WEBEX_OPS1_TOKEN }', 'oauth: { clientId: a, clientSecret: { env: A } }', '6: identities.0.oauth.refreshToken', `is required; ${PLACES}`],
  ['oauth without a client', 'token: { env: WEBEX_OPS1_TOKEN }', 'oauth: { clientSecret: { env: A }, refreshToken: { env: B } }', '6: identities.0.oauth.clientId', 'is required; write the client id that the vendor gave the app'],
  ['a client id with blanks', 'token: { env: WEBEX_OPS1_TOKEN }', 'oauth: { clientId: a b, clientSecret: { env: A }, refreshToken: { env: B } }', '6: identities.0.oauth.clientId', 'has blanks or letters that no client id has; write the client id that the vendor gave the app'],
  ['a client secret in the file', 'token: { env: WEBEX_OPS1_TOKEN }', 'oauth: { clientId: a, clientSecret: c2VjcmV0, refreshToken: { env: B } }', '6: identities.0.oauth.clientSecret', `must say where the secret is, and never be the secret itself; ${PLACES}`],
  ['an unknown key of oauth', 'token: { env: WEBEX_OPS1_TOKEN }', 'oauth: { clientID: a, clientSecret: { env: A }, refreshToken: { env: B } }', '6: identities.0.oauth.clientId', 'is required; write the client id that the vendor gave the app'],
  ['a refresh token in two places', 'token: { env: WEBEX_OPS1_TOKEN }', 'token: { oauth: { clientId: a, clientSecret: { env: A }, refreshToken: { env: B, file: b } } }', '6: identities.0.token.oauth.refreshToken', `must name one place; ${PLACES}`],
  ['the URL of the mail server in the file', '{ env: SMTP_URL }', 'smtps://c2VjcmV0@example.org', '11: mail.smtp.url', `must say where the secret is, and never be the secret itself; ${PLACES}`],
  ['a token over plain http', 'https://webexapis.com/v1', 'http://example.org/v1', '5: identities.0.baseUrl', 'would send the token in the clear; use https'],
  ['a token to a name that only begins like this machine', 'https://webexapis.com/v1', 'http://localhost.example.org', '5: identities.0.baseUrl', 'would send the token in the clear; use https'],
  ['credentials in the base URL', 'https://webexapis.com/v1', 'https://ops:c2VjcmV0@example.org', '5: identities.0.baseUrl', 'holds a secret; write the address alone, and say under token where the secret is'],
  ['a query in the base URL', 'https://webexapis.com/v1', 'https://example.org/v1?a=b', '5: identities.0.baseUrl', `has more than an address and a path; ${URL_HOW}`],
  ['a base URL that is none', 'https://webexapis.com/v1', 'webex', '5: identities.0.baseUrl', `is not a URL; ${URL_HOW}`],
  ['a base URL of another kind', 'https://webexapis.com/v1', 'file:///etc', '5: identities.0.baseUrl', `is not a URL; ${URL_HOW}`],
  ['a sender without an address', 'Meetings <meetings@example.org>', 'Meetings', '12: mail.from', 'is not an address; write it like Meetings <meetings@example.org>'],
  ['a sender that hides a second header', 'Meetings <meetings@example.org>', '"M\\nBcc: <a@example.org>"', '12: mail.from', 'is not an address; write it like Meetings <meetings@example.org>'],
  ['two senders', 'Meetings <meetings@example.org>', 'a@example.org, B <b@example.org>', '12: mail.from', 'is not an address; write it like Meetings <meetings@example.org>'],
  ['no sender', '  from: Meetings <meetings@example.org>\n', '', '10: mail.from', 'is required; write it like Meetings <meetings@example.org>'],
  ['broken YAML', 'vendor: webex', 'vendor: "webex', '13', 'Missing closing "quote; mend the YAML there'],
  ['a tab for blanks', '    vendor', '\tvendor', '4', 'Tabs are not allowed as indentation; mend the YAML there'],
  ['a key written twice', 'timeout: 30s', 'timeout: 30s\n    name: a', '10', 'Map keys must be unique; mend the YAML there'],
  ['a type of YAML that is no plain data', '240', '!!js/function x', '7', 'Unresolved tag: tag:yaml.org,2002:js/function; mend the YAML there'],
];

const campaign: readonly Broken[] = [
  ['a bad duration', 'grace: 24h', 'grace: 3 parsecs', "13: grace", "'3 parsecs' is not a duration; write it like 30m, 24h or 7d"],
  ['a duration without a unit', 'grace: 24h', 'grace: 24', '13: grace', 'must be a duration; write it like 30m, 24h or 7d'],
  ['a duration below zero', 'startGuard: 30m', 'startGuard: -5m', '12: startGuard', "'-5m' is not a duration; write it like 30m, 24h or 7d"],
  ['no grace', 'grace: 24h', 'grace: 0s', '13: grace', 'is out of range; write 1s to 90d'],
  ['digests without a pause', 'language: en', 'digestEvery: 10ms', '15: notices.digestEvery', 'is out of range; write 1s to 30d'],
  ['an announcement without a unit', 'language: en', 'announce: 3', '15: notices.announce', 'must be a duration or never; write it like 3d, or never'],
  ['an announcement in no time', 'language: en', 'announce: 0d', '15: notices.announce', 'is out of range; write 1s to 90d, or never'],
  ['a new host who is no address', 'startGuard: 30m', 'departed: { to: noor }', '12: departed.to', 'is not an address; write it like noor@example.org'],
  ['a new host without a name', 'startGuard: 30m', 'departed: { to: }', '12: departed.to', 'has no value; name an address, like noor@example.org'],
  ['a new host of a site who is no address', 'startGuard: 30m', 'departed: { sites: [{ site: a.example.org, to: noor }] }', '12: departed.sites.0.to', 'is not an address; write it like noor@example.org'],
  ['a site with two new hosts', 'startGuard: 30m', 'departed: { sites: [{ site: a.example.org, to: n@example.org }, { site: A.example.org, to: s@example.org }] }', '12: departed.sites.1.site', 'is there twice; name it once'],
  ['sites that are no list', 'startGuard: 30m', 'departed: { sites: a.example.org }', '12: departed.sites', 'must be a list; write [{ site: example-north.webex.com, to: noor@example.org }]'],
  ['an unknown key of hosts who left', 'startGuard: 30m', 'departed: { too: noor@example.org }', '12: departed.too', 'is not known; did you mean to?'],
  ['a new host for what is not looked for', 'startGuard: 30m', 'departed: { find: false, to: noor@example.org }', '12: departed.find', 'is false, so nobody becomes the host of anything; write find: true, or leave out to and sites'],
  ['a name with blanks', 'name: spring', 'name: My Campaign', '1: name', 'is not a name; use a–z, 0–9 and -, at most 60 characters'],
  ['a name of 61 characters', 'name: spring', `name: ${'a'.repeat(61)}`, '1: name', 'is not a name; use a–z, 0–9 and -, at most 60 characters'],
  ['no advisory', 'advisory: cisco-sa-webex-june-2024\n', '', '1: advisory', 'is required; name a shipped advisory or a path'],
  ['an unknown advisory', 'june-2024', 'june-2042', '2: advisory', 'is neither a shipped advisory nor a file; did you mean cisco-sa-webex-june-2024? Or write the path of a file'],
  ['an unknown identity', '[ops-1]', '[ops-2]', '3: identities.0', 'ops-2 is not in relink.yaml; did you mean ops-1?'],
  ['an identity named twice', '[ops-1]', '[ops-1, ops-1]', '3: identities.1', 'ops-1 is there twice; name it once'],
  ['no identity', '[ops-1]', '[]', '3: identities', 'is empty; name at least one identity of relink.yaml'],
  ['an identity that is no list', '[ops-1]', 'ops-1', '3: identities', 'must be a list; name identities of relink.yaml'],
  ['an unknown language', 'language: en', 'language: fr', '15: notices.language', 'must be one of the known words; write en or nl'],
  ['a wave after rest', '[1, 10, rest]', '[1, rest, 5]', '17: waves.2', 'comes after rest; let rest be the last wave'],
  ['two waves of the rest', '[1, 10, rest]', '[rest, rest]', '17: waves.1', 'comes after rest; let rest be the last wave'],
  ['a wave of no share', '[1, 10, rest]', '[0%, rest]', '17: waves.0', `is not a wave; ${WAVE}`],
  ['a wave of more than all', '[1, 10, rest]', '[101%, rest]', '17: waves.0', `is not a wave; ${WAVE}`],
  ['a wave of a broken share', '[1, 10, rest]', '[2.5%, rest]', '17: waves.0', `is not a wave; ${WAVE}`],
  ['an empty wave', '[1, 10, rest]', '[0, rest]', '17: waves.0', `is not a wave; ${WAVE}`],
  ['a stop rule that is not known', 'waves: [1, 10, rest]', 'stopRules: { failurs: { hold: 3 } }', '17: stopRules.failurs', 'is not known; did you mean failures?'],
  ['a limit of nothing', 'waves: [1, 10, rest]', 'stopRules: { failures: { hold: 0 } }', '17: stopRules.failures.hold', 'is not a limit; write a number of meetings, a share like 10%, or never'],
  ['a limit of more than all', 'waves: [1, 10, rest]', 'stopRules: { bounced: { stop: 101% } }', '17: stopRules.bounced.stop', 'is not a limit; write a number of meetings, a share like 10%, or never'],
  ['a stop that comes before its hold', 'waves: [1, 10, rest]', 'stopRules: { failures: { hold: 60% } }', '17: stopRules.failures.stop', 'is reached before hold, which is 60%; write a larger one, or never'],
  ['a window on no day', 'waves: [1, 10, rest]', 'windows: { writes: [{ days: [], zone: UTC }] }', '17: windows.writes.0.days', 'is empty, so it never opens; name a day'],
  ['a window of no length', 'waves: [1, 10, rest]', 'windows: { notices: [{ hours: 08:00-08:00, zone: UTC }] }', '17: windows.notices.0.hours', 'never open; write another end, or 00:00-24:00'],
  ['a window of hours that are none', 'waves: [1, 10, rest]', 'windows: { writes: [{ hours: 8-18, zone: UTC }] }', '17: windows.writes.0.hours', 'are no hours; write them like 22:00-06:00 or 00:00-24:00'],
  ['a window in a zone that is none', 'waves: [1, 10, rest]', 'windows: { writes: [{ zone: Europe/Atlantis }] }', '17: windows.writes.0.zone', 'is not a zone; write one like Europe/Amsterdam'],
  ['a window without a zone', 'waves: [1, 10, rest]', 'windows: { writes: [{ hours: 08:00-18:00 }] }', '17: windows.writes.0.zone', 'is required; write one like Europe/Amsterdam'],
  ['a rate of a window that is none', 'waves: [1, 10, rest]', 'windows: { writes: [{ zone: UTC, rate: 120 }] }', '17: windows.writes.0.rate', 'is not a rate; write a rate like 2/s, 120/m or 600/h, or 0 for a freeze'],
  ['a rate of mails', 'waves: [1, 10, rest]', 'windows: { notices: [{ zone: UTC, rate: 120/m }] }', '17: windows.notices.0.rate', 'can only be 0 for notices; write 0 for a freeze, or leave it out'],
  ['a freeze that is never over', 'waves: [1, 10, rest]', 'windows: { writes: [{ zone: UTC, rate: 0 }] }', '17: windows.writes', 'leave no hour that is open, so nothing would ever happen; write hours without rate: 0, or shorten a freeze'],
  ['freezes that cover all hours', 'waves: [1, 10, rest]', 'windows: { notices: [{ hours: 08:00-18:00, zone: UTC }, { hours: 07:00-19:00, zone: UTC, rate: 0 }] }', '17: windows.notices', 'leave no hour that is open, so nothing would ever happen; write hours without rate: 0, or shorten a freeze'],
  ['dates of hours that are open', 'waves: [1, 10, rest]', 'windows: { writes: [{ zone: UTC, dates: 2026-12-24 to 2027-01-03 }] }', '17: windows.writes.0.dates', 'are for a freeze alone; add rate: 0, or leave them out'],
  ['dates that are none', 'waves: [1, 10, rest]', 'windows: { writes: [{ zone: UTC, rate: 0, dates: 2026-02-30 to 2026-03-03 }] }', '17: windows.writes.0.dates', 'are no dates; write the first and the last day, like 2026-12-24 to 2027-01-03'],
  ['dates that end before they begin', 'waves: [1, 10, rest]', 'windows: { writes: [{ zone: UTC, rate: 0, dates: 2026-12-24 to 2026-12-23 }] }', '17: windows.writes.0.dates', 'end before they begin; write the first day first'],
  ['a window on a day that is none', 'waves: [1, 10, rest]', 'windows: { writes: [{ days: [monday], zone: UTC }] }', '17: windows.writes.0.days.0', 'must be one of the known words; write mon or tue or wed or thu or fri or sat or sun'],
  ['no wave', '[1, 10, rest]', '[]', '17: waves', 'is empty; write [rest] for one wave'],
  ['a policy that is no truth value', 'joinBeforeHost: false', 'joinBeforeHost: maybe', '11: policy.joinBeforeHost', 'must be true or false; write one of them'],
  ['an unknown lobby', 'lobby: required', 'lobby: perhaps', '11: policy.lobby', 'must be one of the known words; write required or as-before'],
  ['a lock after minutes that the vendor does not have', 'lobby: required', 'automaticLock: 7', '11: policy.automaticLock', 'is no lock; write as-before, or after how many minutes: 0, 5, 10, 15, 20'],
  ['an unknown tone', 'lobby: required', 'entryTone: gong', '11: policy.entryTone', 'must be one of the known words; write as-before or beep or announce-name or none'],
  ['an unknown key of the scope', 'horizon:', 'horizont:', '7: scope.horizont', 'is not known; did you mean horizon?'],
  ['a scope that is a word', 'policy: { lobby: required, joinBeforeHost: false }', 'policy: strict', '11: policy', 'must be keys with values; `relink init` shows how it is written'],
  ['a ceiling of nothing', 'maxMeetings: 20000', 'maxMeetings: 0', '16: limits.maxMeetings', 'is too small; write 1 to 10000000'],
  ['a ceiling of no share', 'maxMeetings: 20000', 'maxShare: 0%', '16: limits.maxShare', 'is not a share; write one from 1% to 100%'],
  ['a ceiling of more than all', 'maxMeetings: 20000', 'maxShare: 101%', '16: limits.maxShare', 'is not a share; write one from 1% to 100%'],
  ['a share without its sign', 'maxMeetings: 20000', 'maxShare: 0.3', '16: limits.maxShare', 'is not a share; write one from 1% to 100%'],
  ['hosts that are neither', 'hosts: all', 'hosts: some', '5: scope.hosts', 'must be all, a list of addresses, or { file: hosts.csv }; write one of these'],
  ['no hosts', 'hosts: all', 'hosts: []', '5: scope.hosts', 'must be all, a list of addresses, or { file: hosts.csv }; write one of these'],
  ['a host list under an unknown key', 'hosts: all', 'hosts: { file: a.csv, columns: b }', '5: scope.hosts.columns', 'is not known; known are: file'],
  ['sites of another kind', 'sites: all', 'sites: 7', '6: scope.sites', 'must be all or a list of sites; write one of these'],
  ['a host without an address', 'hosts: all', 'hosts: [ada@example.org, bob]', '5: scope.hosts.1', 'is not an address; write it like ada@example.org'],
  ['a host named twice', 'hosts: all', 'hosts: [ada@example.org, ADA@example.org]', '5: scope.hosts.1', 'is there twice; name it once'],
  ['a site named twice', 'sites: all', 'sites: [a.example.org, A.example.org]', '6: scope.sites.1', 'is there twice; name it once'],
  ['an inventory named twice', 'snapshots: []', 'snapshots: [{ file: a.csv }, { file: ./a.csv }]', '10: evidence.snapshots.1.file', 'is there twice; name each inventory once'],
  ['an inventory taken at no instant', 'snapshots: []', 'snapshots: [{ file: a.csv, takenAt: 2024-05-28 }]', '10: evidence.snapshots.0.takenAt', `is not an instant with its zone; ${ZONE}`],
];

const advisory: readonly Broken[] = [
  ['a cut-off without a zone', '00:00:00Z', '00:00:00', '4: createdBefore', `is not an instant with its zone; ${ZONE}`],
  ['a cut-off in a zone that does not exist', '00:00:00Z', '00:00:00 Mars/Phobos', '4: createdBefore', `is not an instant with its zone; ${ZONE}`],
  ['a cut-off with an offset that does not exist', '00:00:00Z', '00:00:00+99:00', '4: createdBefore', 'is not a date of the calendar; write it like 2024-05-28T00:00:00Z'],
  ['a cut-off on a day that does not exist', '2024-05-28', '2024-02-31', '4: createdBefore', 'is not a date of the calendar; write it like 2024-05-28T00:00:00Z'],
  ['a cut-off in a month that does not exist', '2024-05-28', '2024-13-01', '4: createdBefore', 'is not a date of the calendar; write it like 2024-05-28T00:00:00Z'],
  ['a cut-off in the future', '2024-05-28', '2027-05-28', '4: createdBefore', 'lies in the future, margin included; a repair that has not happened protects no new meeting; wait for it'],
  ['a margin without a reason', 'marginReason: the day is known, the hour is not\n', '', '1: marginReason', 'is required with a margin; say why the published date is not enough'],
  ['a margin of years', 'margin: 2d', 'margin: 2y', '5: margin', 'is out of range; write 0s to 90d'],
  ['no source', '  - title: a\n    url: https://example.org/a\n', '  []\n', '7: sources', 'is empty; name at least one source'],
  ['a source that is no page', 'https://example.org/a', 'javascript:alert(1)', '9: sources.0.url', 'is not an https address; write the page that says so'],
  ['a source over plain http', 'https://example.org/a', 'http://example.org/a', '9: sources.0.url', 'is not an https address; write the page that says so'],
  ['another vendor', 'vendor: webex', 'vendor: [webex]', '1: vendor', 'is not a vendor that Relink knows; write webex'],
];

async function refusal(load: Promise<unknown>): Promise<string> {
  const cause = await load.then(() => undefined, (thrown: unknown) => thrown);
  if (!(cause instanceof InputError)) throw new Error('it was not refused', { cause });
  return cause.message.replaceAll(`${files.path}/`, '');
}
const written = (): Promise<readonly string[]> => readdir(files.path).then((names) => names.sort());

describe('refused with file, line, key and remedy, and nothing is written:', () => {
  test.each(relink)('relink.yaml with %s', async (_, from, to, where, message) => {
    expect(await refusal(files.relink(change(RELINK, from, to)))).toBe(`relink.yaml:${where}: ${message}`);
    expect(await written()).toEqual(['relink.yaml']);
  });

  test.each(campaign)('a campaign with %s', async (_, from, to, where, message) => {
    expect(await refusal(files.campaign(change(CAMPAIGN, from, to)))).toBe(`campaign.yaml:${where}: ${message}`);
    expect(await written()).toEqual(['campaign.yaml', 'relink.yaml']);
  });

  test.each(advisory)('an advisory with %s', async (_, from, to, where, message) => {
    expect(await refusal(files.advisory(change(ADVISORY, from, to)))).toBe(`advisory.yaml:${where}: ${message}`);
    expect(await written()).toEqual(['advisory.yaml']);
  });

  test.each([
    ['is a list', '- a\n', ':1: must be keys with values; `relink init` shows how it is written'],
    ['is empty', '', ':1: identities: is required; begin each with - name: …'],
    ['is binary', Buffer.from([1, 0, 2, 255]), ': is a binary file; name a text file in UTF-8'],
    ['is in UTF-16', Buffer.from('\ufeffdata: x', 'utf16le'), ': is in UTF-16; save it as UTF-8'],
    ['is in Latin-1', Buffer.from([0x64, 0xe9, 0x0a]), ': is not valid UTF-8; save it as UTF-8'],
    ['has 50 MB', Buffer.alloc(50_000_000, 35), ': has 50 MB; at most 1 MB are read; split it'],
    ['has two documents', `${RELINK}---\n${RELINK}`, ':13: a second document begins; mend the YAML there'],
    ['explodes by aliases', 'a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n', ': repeats itself by too many aliases; write the values out'],
  ])('relink.yaml that %s', async (_, content, message) => {
    expect(await refusal(files.relink(content))).toBe(`relink.yaml${message}`);
  });
});

test('an advisory for a vendor that none of the identities speaks is refused at the identities', async () => {
  const config = await files.relink(RELINK);
  const other = { ...config, identities: config.identities.map((identity) => ({ ...identity, vendor: 'another' })) };
  const file = await files.put('campaign.yaml', CAMPAIGN);
  expect(await refusal(loadCampaign(file, other, new Date('2026-01-01T00:00:00Z')))).toBe(
    'campaign.yaml:3: identities: ops-1 is an identity of another, and the advisory is about webex; name identities of that vendor',
  );
});

test('a message never repeats a secret or an address that was written in a wrong place', async () => {
  const said = [
    await refusal(files.relink(change(RELINK, '{ env: WEBEX_OPS1_TOKEN }', 'c2VjcmV0'))),
    await refusal(files.relink(change(RELINK, 'https://webexapis.com/v1', 'https://ops:c2VjcmV0@example.org'))),
    await refusal(files.relink(change(RELINK, 'Meetings <meetings@example.org>', 'lovelace.example'))),
    await refusal(files.campaign(change(CAMPAIGN, 'hosts: all', 'hosts: [lovelace.example]'))),
    await refusal(files.campaign(change(CAMPAIGN, 'hosts: all', 'hosts: [lovelace@example.net, lovelace@example.net]'))),
    await refusal(files.hosts('lovelace@example.net\nbob@example.net\n')),
    await refusal(files.hosts('host\nlovelace.example\n')),
    await refusal(files.inventory('i.json', '{"ids": c2VjcmV0}')),
  ].join('\n');
  expect(said).not.toMatch(/c2VjcmV0|lovelace|example\.net/);
});

describe('any mutation of a valid file loads or is refused as bad input, never otherwise:', () => {
  const targets: readonly (readonly [string, string, (text: string) => Promise<unknown>])[] = [
    ['relink.yaml', RELINK, (text) => files.relink(text)],
    ['campaign.yaml', CAMPAIGN, (text) => files.campaign(text)],
    ['an advisory', ADVISORY, (text) => files.advisory(text)],
    ['a host list', 'name,host\n"Ada, first",ada@example.org\nBob,bob@example.org\n', (text) => files.hosts(text)],
    ['an inventory', '{"takenAt":"2024-05-28T00:00:00Z","ids":["a","b"]}', (text) => files.inventory('i.json', text)],
  ];
  test.each(targets)('%s', async (_, text, load) => {
    const insert = fc.oneof(fc.string({ maxLength: 6, unit: 'binary' }), fc.constantFrom('"', "'", '{', '[', ': ', '\n', '\n- ', '&a ', '*a', '<<: ', '!!set ', '__proto__: 1', ',', ';', '=', '\r', '\ufeff', 'null', '1e999', '.nan'));
    const mutation = fc.record({ at: fc.nat(text.length), remove: fc.nat(12), insert });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, remove, insert: added }) => {
        const cause = await load(text.slice(0, at) + added + text.slice(at + remove)).then(() => undefined, (thrown: unknown) => thrown);
        expect(cause === undefined || cause instanceof InputError ? '' : cause).toBe('');
        expect(cause instanceof InputError ? cause.message : '').not.toMatch(/[\r\n]/);
      }),
      { numRuns: 150 },
    );
  });
});
