import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { InputError, initFiles, loadAdvisory, loadCampaign, loadConfig, readSecret, shippedAdvisories } from '../../adapters/runtime/config/index.js';
import { cutOff } from '../../domain/advisory.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'relink config '))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const NOW = new Date('2026-11-23T00:00:00Z');
const [relinkYaml = '', campaignYaml = ''] = initFiles.map(({ text }) => text);
const advisoryYaml = `vendor: webex
id: mine
title: Mine
createdBefore: 2024-05-28T00:00:00Z
sources: [{ title: a, url: https://example.org/a }]
`;

async function put(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}
const config = async (text: string | Buffer) => loadConfig(await put('relink.yaml', text));
const campaign = async (text: string | Buffer) => loadCampaign(await put('campaign.yaml', text), await config(relinkYaml), NOW);
const advisory = async (text: string | Buffer) => loadAdvisory(await put('advisory.yaml', text), NOW);
const withHosts = async (csv: string | Buffer) => {
  await put('hosts.csv', csv);
  return campaign(campaignYaml.replace('hosts: all ', 'hosts: { file: hosts.csv } '));
};
const withInventory = async (content: string | Buffer, name = 'inventory.csv') => {
  await put(name, content);
  return campaign(campaignYaml.replace('snapshots: []', `snapshots: [{ file: ${name}, takenAt: 2024-05-28T00:00:00Z }]`));
};

describe('what init writes', () => {
  test('is a configuration and a campaign that load', async () => {
    const loaded = await config(relinkYaml);
    expect(loaded.dataDir).toBe(join(folder, '.relink'));
    expect(loaded.identities[0]).toMatchObject({ name: 'ops-1', requestsPerMinute: 240, quotaWindowMs: 86_400_000, listLagMs: 60_000, token: { env: 'WEBEX_OPS1_TOKEN' } });
    expect(await campaign(campaignYaml)).toMatchObject({ name: 'webex-june-2024', graceMs: 86_400_000, waves: [1, 10, 100, 'rest'], limits: { maxMeetings: 20_000 } });
  });
  test('says the defaults: the least that must be written gives the same', async () => {
    const least = await campaign('name: webex-june-2024\nadvisory: cisco-sa-webex-june-2024\nidentities: [ops-1]\n');
    expect(least).toEqual(await campaign(campaignYaml));
  });
});

test('the shipped advisory moves its cut-off by its margin', async () => {
  expect(shippedAdvisories()).toEqual(['cisco-sa-webex-june-2024']);
  expect(cutOff((await campaign(campaignYaml)).advisory)).toBe('2024-06-04T00:00:00.000Z');
});

test('host lists and inventories are read, with quotes, blank lines and a byte order mark', async () => {
  expect((await withHosts('\ufeffname,host\r\n"Ada, the first",Ada@example.org\r\n\r\n,bob@example.org\r\n')).scope.hosts).toEqual(['ada@example.org', 'bob@example.org']);
  expect((await withInventory('id\na1\nb2\n')).evidence.snapshots).toEqual([{ takenAt: '2024-05-28T00:00:00.000Z', ids: ['a1', 'b2'] }]);
  expect((await withInventory('{"takenAt":"2024-01-01T00:00:00Z","ids":["x"]}', 'i.json')).evidence.snapshots[0]?.ids).toEqual(['x']);
});

const change = (text: string, from: string | RegExp, to: string): string => {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error('the test changes nothing');
  return changed;
};
type Broken = readonly [what: string, load: () => Promise<unknown>, message: RegExp];

const broken: readonly Broken[] = [
  ['an unknown key', () => config(change(relinkYaml, 'requestsPerMinute', 'requestPerMinute')), /relink\.yaml:\d+: identities\.0\.requestPerMinute: is not known; did you mean requestsPerMinute\?/],
  ['an unknown key at the top', () => config(`${relinkYaml}datta: x\n`), /relink\.yaml:\d+: datta: is not known; did you mean data\?/],
  ['a wrong type', () => config(change(relinkYaml, 'requestsPerMinute: 240', 'requestsPerMinute: many')), /requestsPerMinute: must be a whole number; write 1 to/],
  ['a number out of range', () => config(change(relinkYaml, 'requestsPerMinute: 240', 'requestsPerMinute: 0')), /is too small; write 1 to/],
  ['a missing required key', () => config(change(relinkYaml, '- name: ops-1 ', '- ')), /identities\.0\.name: .*(is required|must be a name)/],
  ['no identities', () => config(change(relinkYaml, /identities:[\s\S]*mail:/, 'identities: []\nmail:')), /identities: is empty/],
  ['two identities of one name', () => config(change(relinkYaml, /( {2}- name: ops-1[\s\S]*)mail:/, '$1$1mail:')), /ops-1 is there twice/],
  ['a secret in the file', () => config(change(relinkYaml, '{ env: WEBEX_OPS1_TOKEN }', 'abc123')), /token: must say where the secret is/],
  ['a secret in two places', () => config(change(relinkYaml, '{ env: WEBEX_OPS1_TOKEN }', '{ env: A, file: b }')), /token: must name one place/],
  ['oauth', () => config(change(relinkYaml, '{ env: WEBEX_OPS1_TOKEN }', '{ oauth: { clientId: a } }')), /oauth is not supported yet/],
  ['a token over plain http', () => config(change(relinkYaml, 'https://webexapis.com/v1', 'http://example.org/v1')), /would send the token in the clear; use https/],
  ['a base URL that is none', () => config(change(relinkYaml, 'https://webexapis.com/v1', 'webex')), /baseUrl: is not a URL/],
  ['a sender that is none', () => config(change(relinkYaml, 'Meetings <meetings@example.org>', 'Meetings')), /mail\.from: is not an address/],
  ['broken YAML', () => config('data: [a\nmail'), /relink\.yaml:\d+: .*; mend the YAML there/],
  ['a key written twice', () => config(`${relinkYaml}data: b\n`), /relink\.yaml:\d+: .*unique.*; mend the YAML/i],
  ['a list instead of keys', () => config('- a\n'), /relink\.yaml:1: must be a object|relink\.yaml:1: must be/],
  ['an empty file', () => config(''), /relink\.yaml:1: .*(identities|mail).*is|required/],
  ['a binary file', () => config(Buffer.from([1, 0, 2, 255])), /is a binary file; name a text file/],
  ['UTF-16', () => config(Buffer.from('\ufeffdata: x', 'utf16le')), /is in UTF-16; save it as UTF-8/],
  ['Latin-1', () => config(Buffer.from([0x64, 0x61, 0xe9, 0x0a])), /is not valid UTF-8; save it as UTF-8/],
  ['50 MB', () => config(Buffer.alloc(50_000_000, 35)), /has 50 MB; at most 1 MB are read/],
  ['aliases that explode', () => config('a: &a [x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n'), /too many aliases/],
  ['a bad duration', () => campaign(change(campaignYaml, 'grace: 24h', 'grace: 3 parsecs')), /campaign\.yaml:\d+: grace: "3 parsecs" is not a duration; write it like 30m, 24h or 7d/],
  ['a duration as a number', () => campaign(change(campaignYaml, 'grace: 24h', 'grace: 24')), /grace: must be a duration/],
  ['a duration out of range', () => campaign(change(campaignYaml, 'grace: 24h', 'grace: 0s')), /grace: is out of range; write 1s to 90d/],
  ['a name with blanks', () => campaign(change(campaignYaml, 'name: webex-june-2024', 'name: My Campaign')), /campaign\.yaml:2: name: is not a name/],
  ['an unknown advisory', () => campaign(change(campaignYaml, 'advisory: cisco-sa-webex-june-2024', 'advisory: cisco-sa-webex-june-2042')), /advisory: .*did you mean cisco-sa-webex-june-2024\?/],
  ['an unknown identity', () => campaign(change(campaignYaml, '[ops-1]', '[ops-2]')), /identities\.0: ops-2 is not in .*did you mean ops-1\?/],
  ['an identity named twice', () => campaign(change(campaignYaml, '[ops-1]', '[ops-1, ops-1]')), /ops-1 is there twice/],
  ['an unknown language', () => campaign(change(campaignYaml, 'language: en', 'language: fr')), /notices\.language: must be one of the known words; write en or nl/],
  ['a wave after rest', () => campaign(change(campaignYaml, '[1, 10, 100, rest]', '[1, rest, 5]')), /waves\.2: comes after rest/],
  ['a wave of a percentage', () => campaign(change(campaignYaml, '[1, 10, 100, rest]', '[5%, rest]')), /waves\.0: is not a wave/],
  ['a policy that is no truth value', () => campaign(change(campaignYaml, 'joinBeforeHost: false', 'joinBeforeHost: maybe')), /policy\.joinBeforeHost: must be true or false/],
  ['hosts that are neither', () => campaign(change(campaignYaml, 'hosts: all ', 'hosts: some ')), /scope\.hosts: must be all, a list of addresses/],
  ['a host list that is missing', () => campaign(change(campaignYaml, 'hosts: all ', 'hosts: { file: none.csv } ')), /none\.csv: does not exist/],
  ['a host list without its column', () => withHosts('hots\nada@example.org\n'), /hosts\.csv:1: there is no column host; .*did you mean hots\?/],
  ['a host list with a formula', () => withHosts('host\n=HYPERLINK("https://example.org")\n'), /hosts\.csv:2: a cell begins like a formula/],
  ['a host that is no address', () => withHosts('host\nada@example.org\nnobody\n'), /hosts\.csv:3: host: is not an address/],
  ['a host listed twice', () => withHosts('host\nada@example.org\nADA@example.org\n'), /hosts\.csv:3: repeats an entry/],
  ['an open quote', () => withHosts('host\n"ada@example.org\n'), /hosts\.csv:2: a quoted cell is not closed/],
  ['an inventory with a repeated id', () => withInventory('id\na\nb\na\n'), /inventory\.csv:4: repeats an entry/],
  ['an inventory without ids', () => withInventory('id\n'), /inventory\.csv: has no ids/],
  ['an inventory of 50 MB', () => withInventory(Buffer.alloc(50_000_000, 97)), /has 50 MB; at most 20 MB are read/],
  ['an inventory in broken JSON', () => withInventory('{', 'i.json'), /i\.json: is not valid JSON/],
  ['an inventory of another shape', () => withInventory('{"ids":[1]}', 'i.json'), /i\.json: ids\.0: is not as expected/],
  ['a cut-off without a zone', () => advisory(change(advisoryYaml, '2024-05-28T00:00:00Z', '2024-05-28T00:00:00')), /advisory\.yaml:4: createdBefore: is not an instant with its zone/],
  ['a cut-off in a zone that does not exist', () => advisory(change(advisoryYaml, '00:00:00Z', '00:00:00 Mars/Phobos')), /createdBefore: is not an instant with its zone/],
  ['a cut-off on a day that does not exist', () => advisory(change(advisoryYaml, '2024-05-28', '2024-02-31')), /createdBefore: is not a date of the calendar/],
  ['a cut-off in the future', () => advisory(change(advisoryYaml, '2024-05-28', '2027-05-28')), /advisory\.yaml:4: createdBefore: lies in the future/],
  ['a margin without a reason', () => advisory(`${advisoryYaml}margin: 2d\n`), /marginReason: is required with a margin/],
  ['an advisory without sources', () => advisory(change(advisoryYaml, /sources:.*\n/, 'sources: []\n')), /sources: is empty/],
  ['a source that is no page', () => advisory(change(advisoryYaml, 'https://example.org/a', 'javascript:alert(1)')), /sources\.0\.url: is not an https address/],
];

describe('bad input is refused with file, line, key and remedy, and nothing is written', () => {
  test.each(broken)('%s', async (_, load, message) => {
    const cause = await load().catch((thrown: unknown) => thrown);
    expect(cause).toBeInstanceOf(InputError);
    expect((cause as Error).message).toMatch(message);
    expect((cause as Error).message).not.toContain('\n');
    expect((await readdir(folder)).every((name) => /\.(yaml|csv|json)$/.test(name))).toBe(true);
  });

  test('a folder instead of a file', async () => {
    await mkdir(join(folder, 'relink.yaml'));
    await expect(loadConfig(join(folder, 'relink.yaml'))).rejects.toThrow(/relink\.yaml: .*(regular file|cannot be opened)/);
  });

  test('any mutation of a valid file loads, or is refused as bad input, never otherwise', async () => {
    const mutation = fc.record({ at: fc.nat(campaignYaml.length - 1), remove: fc.nat(12), insert: fc.string({ maxLength: 6, unit: 'binary' }) });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, remove, insert }) => {
        const text = campaignYaml.slice(0, at) + insert + campaignYaml.slice(at + remove);
        const cause = await campaign(text).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(cause === undefined || cause instanceof InputError).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a secret', () => {
  const env = (name: string): string | undefined => ({ SET: ' value ' })[name];
  test('is read from the environment or from a file', async () => {
    expect(await readSecret({ env: 'SET' }, 'token', env)).toBe('value');
    expect(await readSecret({ file: await put('token.txt', 'abc\n') }, 'token', env)).toBe('abc');
  });
  test('that is missing is named by its place', async () => {
    await expect(readSecret({ env: 'UNSET' }, 'token', env)).rejects.toThrow(/UNSET: is not set, and the token is there; set UNSET/);
    await expect(readSecret({ file: await put('empty.txt', ' \n') }, 'token', env)).rejects.toThrow(/empty\.txt: is empty/);
  });
});
