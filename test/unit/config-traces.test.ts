import { writeInventory } from '../../adapters/reports/index.js';
import { InputError } from '../../adapters/runtime/config/index.js';
import { CAMPAIGN, ConfigFolder, change } from '../support/config-files.js';

let files: ConfigFolder;
beforeEach(async () => void (files = await ConfigFolder.create()));
afterEach(() => files.remove());

async function refusal(load: Promise<unknown>): Promise<string> {
  const cause = await load.then(() => undefined, (thrown: unknown) => thrown);
  if (!(cause instanceof InputError)) throw new Error('it was not refused', { cause });
  return cause.message.replaceAll(`${files.path}/`, '');
}

const MAY = '2024-05-01T08:00:00Z';
const JUNE = '2024-06-01T08:00:00Z';
const at = (instant: string): string => new Date(instant).toISOString();

describe('dates of events and mails are read', () => {
  test('with what names the meeting in one way of writing, and nothing else', async () => {
    const text = `Subject,Number,Link,Created,Host,Start\nSecret,2555 123-4567,,2024-05-01T10:00:00+02:00,Ada@Example.org,\nSecret,,https://Site.example.org/j.php?MTID=mA&amp;x=1,${MAY},,\nSecret,,,${MAY},Ada@Example.org,2026-12-01T10:00:00+01:00\n`;
    expect(await files.dates(text)).toEqual([
      { by: 'number', key: '25551234567', created: at(MAY) },
      { by: 'link', key: 'site.example.org/j.php?MTID=mA&x=1', created: at(MAY) },
      { by: 'host+start', key: 'ada@example.org 2026-12-01T09:00:00.000Z', created: at(MAY) },
    ]);
  });

  test('with number and link each by itself; host and start only where there is neither', async () => {
    const text = `created;number;link;host;start\n${MAY};255512345;https://a.example.org/b;nobody;never\n`;
    expect(await files.dates(text)).toEqual([{ by: 'number', key: '255512345', created: at(MAY) }, { by: 'link', key: 'a.example.org/b', created: at(MAY) }]);
  });

  test('beside telephones and agendas, as exports have them', async () => {
    expect(await files.dates(`phone,created,number,agenda\n+31 20 555 0100,${MAY},255512345,- minutes\n`)).toEqual([{ by: 'number', key: '255512345', created: at(MAY) }]);
  });

  test('the earliest of each name, from several files', async () => {
    const text = `created,number\n${JUNE},255512345\n${MAY},255 512 345\n${JUNE},255512345\n`;
    expect(await files.dates(text, `created,number\n${JUNE},1255512345\n`)).toEqual([
      { by: 'number', key: '255512345', created: at(MAY) },
      { by: 'number', key: '1255512345', created: at(JUNE) },
    ]);
  });

  test('for invitations as for calendars', async () => {
    await files.put('mails.csv', `created,number\n${MAY},255512345\n`);
    const { evidence } = await files.campaign(change(CAMPAIGN, 'snapshots: []', 'invitations: [{ file: mails.csv }]'));
    expect(evidence).toEqual({ unknown: 'affected', snapshots: [], calendar: [], invitations: [{ by: 'number', key: '255512345', created: at(MAY) }] });
  });
});

const HOW = 'each needs a number, a link, or host and start';
const DIGITS = 'write its digits, like 2555 123 4567; let a spreadsheet treat the column as text';
const ZONE = 'is not an instant with its zone; write it like 2024-05-28T00:00:00Z or 2024-05-28T02:00:00+02:00';

/** What is wrong, content; then the message, from the line on. */
const broken: readonly (readonly [what: string, content: string | Buffer, message: string])[] = [
  ['nothing', '', ':1: created: the file is empty; write created in the first line and one entry a line'],
  ['no dates', 'create,number\n1,2\n', ':1: created: there is no such column; rename create to created'],
  ['nothing that names a meeting', `created,title\n${MAY},secret\n`, `:2: number: the line names no meeting; ${HOW}`],
  ['a line that names no meeting', `created,number,link\n${MAY},255512345,\n${MAY},,\n`, `:3: number: the line names no meeting; ${HOW}`],
  ['no lines', 'created,number\n', ': created: names no meeting; export it again, or leave the file out'],
  ['two columns of links', `created,link,Link\n${MAY},a,b\n`, ':1: link: there are two such columns; keep one'],
  ['a line without a date', 'created,number\n,255512345\n', ':2: created: the line has none; fill it in or remove the line'],
  ['a date without a zone', 'created,number\n2024-05-01T08:00:00,255512345\n', `:2: created: ${ZONE}`],
  ['a date as a spreadsheet writes it', 'created,number\n01/05/2024,255512345\n', `:2: created: ${ZONE}`],
  ['a date that there is not', 'created,number\n2024-02-31T08:00:00Z,255512345\n', ':2: created: is not a date of the calendar; write it like 2024-05-28T00:00:00Z'],
  ['a date in the future', 'created,number\n2027-05-01T08:00:00Z,255512345\n', ':2: created: lies in the future; write when the event or the mail was made, not when the meeting is held'],
  ['a number that a spreadsheet rounded', `created,number\n${MAY},2.55E10\n`, `:2: number: is not the number of a meeting; ${DIGITS}`],
  ['a number of a telephone', `created,number\n${MAY},+31 20 555 0100\n`, ':2: number: a cell begins like a formula (= + - @); export plain values'],
  ['a link that is none', `created,link\n${MAY},secret.example.org\n`, ':2: link: is not a link; write one link, from https:// on'],
  ['a link of another kind', `created,link\n${MAY},webex://secret\n`, ':2: link: is not a link; write one link, from https:// on'],
  ['a link within a text', `created,link\n${MAY},https://secret.example.org/a and more\n`, ':2: link: is not a link; write one link, from https:// on'],
  ['a host without a start', `created,host,start\n${MAY},secret@example.org,\n`, `:2: start: the line has a host and no start; ${HOW}`],
  ['a host without a column of starts', `created,host\n${MAY},secret@example.org\n`, `:2: start: the line has a host and no start; ${HOW}`],
  ['a start without a host', `created,host,start\n${MAY},,${JUNE}\n`, `:2: host: the line has a start and no host; ${HOW}`],
  ['a host that is no address', `created,host,start\n${MAY},secret,${JUNE}\n`, ':2: host: is not an address; write it like ada@example.org'],
  ['a start without a zone', `created,host,start\n${MAY},secret@example.org,2026-12-01T09:00\n`, `:2: start: ${ZONE}`],
  ['a formula', `created,number\n${MAY},=secret()\n`, ':2: number: a cell begins like a formula (= + - @); export plain values'],
  ['a comma too many', `created,number\n${MAY},255512345,secret\n`, ':2: created: cells: 3 here, 2 in the first line; put cells that contain a separator in quotes'],
  ['an open quote', `created,number\n${MAY},"secret\n`, ':2: a quote or a line end is out of place; put the whole cell in quotes, and write " inside it as ""'],
  ['50 MB', Buffer.alloc(50_000_000, 97), ': has 50 MB; at most 20 MB are read; split it'],
  ['binary content', Buffer.from('created\n\0'), ': is a binary file; name a text file in UTF-8'],
  ['UTF-16', Buffer.from('\ufeffcreated,number\n', 'utf16le'), ': is in UTF-16; save it as UTF-8'],
  ['Latin-1', Buffer.from([0x64, 0xe9, 0x0a]), ': is not valid UTF-8; save it as UTF-8'],
];

describe('refused with file, line, column and remedy, and without what stands there:', () => {
  test.each(broken)('dates with %s', async (_, content, message) => {
    const said = await refusal(files.dates(content));
    expect(said).toBe(`d0.csv${message}`);
    expect(said).not.toMatch(/secret/);
  });

  test('files that are not there, or there twice, or not named', async () => {
    const campaign = (calendar: string) => refusal(files.campaign(change(CAMPAIGN, 'snapshots: []', `calendar: ${calendar}`)));
    expect(await campaign('[{ file: a.csv }]')).toContain('a.csv: does not exist');
    expect(await campaign('[{ file: a.csv }, { file: ./a.csv }]')).toBe('campaign.yaml:10: evidence.calendar.1.file: is there twice; name each file once');
    expect(await campaign('a.csv')).toBe('campaign.yaml:10: evidence.calendar: must be a list; write [{ file: dates.csv }]');
    expect(await campaign('[{ path: a.csv }]')).toBe('campaign.yaml:10: evidence.calendar.0.file: is required; name a CSV file');
  });
});

test('an inventory that was exported is read again, and only by campaigns about its vendor', async () => {
  const exported = { takenAt: '2024-05-28T00:00:00.000Z', vendor: 'webex', sites: ['Site.example.org'], ids: ['a1', 'b2'] };
  await writeInventory(`${files.path}/e.json`, exported);
  const read = () => files.campaign(change(CAMPAIGN, 'snapshots: []', 'snapshots: [{ file: e.json }]'));
  expect((await read()).evidence.snapshots).toEqual([{ takenAt: exported.takenAt, sites: ['site.example.org'], ids: ['a1', 'b2'] }]);
  await writeInventory(`${files.path}/e.json`, { ...exported, vendor: 'another' });
  expect(await refusal(read())).toBe('e.json: vendor: is another, and the campaign is about webex; name an inventory of that vendor');
});
