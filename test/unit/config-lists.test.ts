import fc from 'fast-check';
import { InputError } from '../../adapters/runtime/config/index.js';
import { csvColumn } from '../../adapters/runtime/config/csv.js';
import { ConfigFolder } from '../support/config-files.js';

let files: ConfigFolder;
beforeEach(async () => void (files = await ConfigFolder.create()));
afterEach(() => files.remove());

const TAKEN = '2024-05-28T00:00:00Z';
const SHAPE = 'write { "takenAt": "2024-05-28T00:00:00Z", "ids": ["…"] }';
const QUOTE = 'a quote or a line end is out of place; put the whole cell in quotes, and write " inside it as ""';
const BIG = Buffer.alloc(50_000_000, 97);

describe('read as they are:', () => {
  test.each([
    ['plain lines', 'host\nada@example.org\nbob@example.org\n'],
    ['no line end at the end', 'host\nada@example.org\nbob@example.org'],
    ['a byte order mark, carriage returns and empty lines', '\ufeffhost\r\n\r\nada@example.org\r\n\r\nbob@example.org\r\n'],
    ['other columns, in any letters, with commas, quotes and line ends in quotes', 'Name,HOST\n"Ada, ""the first""",Ada@Example.org\n"Bob\nof Example",bob@example.org\n'],
    ['other columns in which telephones, dashes and formulas stand', 'phone,host,agenda\n+31 20 555 0100,ada@example.org,- minutes\n=1+1,bob@example.org,@all\n'],
    ['semicolons, as some spreadsheets write', 'name;host\nAda, the first;ada@example.org\nBob;"bob@example.org"\n;\n'],
  ])('a host list with %s', async (_, text) => {
    expect(await files.hosts(text)).toEqual(['ada@example.org', 'bob@example.org']);
  });

  test.each([
    ['i.csv', 'id\na1\nb2\n', TAKEN],
    ['i.json', '{"ids":["a1"," b2 "]}', TAKEN],
    ['i.JSON', `{"takenAt":"${TAKEN}","ids":["a1","b2"]}`, undefined],
    ['i.json', `\ufeff{"takenAt":"${TAKEN}","ids":["a1","b2"]}`, '2024-05-28T02:00:00+02:00'],
  ])('the inventory %s %s', async (name, text, takenAt) => {
    expect(await files.inventory(name, text, takenAt)).toEqual({ takenAt: '2024-05-28T00:00:00.000Z', ids: ['a1', 'b2'] });
  });

  test('any cells, once written with quotes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', 'é') }).map((text) => `x${text}x`);
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), fc.constantFrom(',', ';'), fc.constantFrom('\n', '\r\n'), (rows, separator, end) => {
        const text = [['other', 'id'], ...rows].map((row) => row.map(quoted).join(separator)).join(end);
        expect(csvColumn('any.csv', text, 'id').map((found) => found.text)).toEqual(rows.map(([, id]) => id));
      }),
    );
  });

  test('twenty million bytes of quotes, closed or not, without a stumble', () => {
    const pairs = '""'.repeat(9_000_000);
    expect(csvColumn('any.csv', `id\n"a${pairs}"\n`, 'id')[0]?.text).toHaveLength(9_000_001);
    expect(() => csvColumn('any.csv', `id\n"a${pairs}\n`, 'id')).toThrow(InputError);
  });
});

/** What is wrong, content; then the message, from the line on. */
type Broken = readonly [what: string, content: string | Buffer, message: string];

const hosts: readonly Broken[] = [
  ['nothing', '', ':1: host: the file is empty; write host in the first line and one entry a line'],
  ['another column', 'hots\nada@example.org\n', ':1: host: there is no such column; rename hots to host'],
  ['no names of columns', '\nada@example.org\n', ':2: host: there is no such column; the first line must name the columns, one of them host'],
  ['the column twice', 'host,Host\nada@example.org,bob@example.org\n', ':1: host: there are two such columns; keep one'],
  ['nobody', 'host\n\n', ': host: names nobody; write one address a line, or hosts: all in the campaign file'],
  ['a formula', 'host\n=1+1\n', ':2: host: a cell begins like a formula (= + - @); export plain values'],
  ['a formula with quotes of its own', 'host\n=HYPERLINK("https://example.org")\n', ':2: a cell begins like a formula (= + - @); export plain values'],
  ['a formula on a later line of its cell', 'name,host\nAda,ada@example.org\nBob,"\n@SUM(A1)"\n', ':3: host: a cell begins like a formula (= + - @); export plain values'],
  ['somebody without an address', 'host\nada@example.org\n\nnobody\n', ':4: host: is not an address; write one address a line, like ada@example.org'],
  ['somebody twice', 'host\nada@example.org\nADA@example.org\n', ':3: host: repeats an entry; list each one once'],
  ['an open quote', 'host\nada@example.org\n"bob@example.org\n\n', `:3: ${QUOTE}`],
  ['text after a quote', 'host\n"bob"@example.org\n', `:2: ${QUOTE}`],
  ['a quote within a cell', 'host\nbob"s@example.org\n', `:2: ${QUOTE}`],
  ['line ends of an old kind', 'host\rada@example.org\r', `:1: ${QUOTE}`],
  ['a comma too many', 'name,host\nAda, the first,ada@example.org\n', ':2: host: cells: 3 here, 2 in the first line; put cells that contain a separator in quotes'],
  ['a cell too few', 'host,name\n"ada@example.org",Ada\nbob@example.org\n', ':3: host: cells: 1 here, 2 in the first line; put cells that contain a separator in quotes'],
  ['a line without an address', 'name,host\n"Ada\nfirst",ada@example.org\nBob,\n', ':4: host: the line has none; fill it in or remove the line'],
  ['50 MB', BIG, ': has 50 MB; at most 20 MB are read; split it'],
  ['binary content', Buffer.from('host\n\0'), ': is a binary file; name a text file in UTF-8'],
  ['UTF-16', Buffer.from('\ufeffhost\nada@example.org', 'utf16le'), ': is in UTF-16; save it as UTF-8'],
  ['Latin-1', Buffer.from('name,host\nZoë,zoe@example.org', 'latin1'), ': is not valid UTF-8; save it as UTF-8'],
];

const csv: readonly Broken[] = [
  ['no column id', 'ids\na\n', ':1: id: there is no such column; rename ids to id'],
  ['an id twice', 'id\na\nb\na\n', ':4: id: repeats an entry; list each one once'],
  ['no ids', 'id\n', ': ids: there are none; an empty inventory would make every meeting look new; export it again'],
  ['a line without an id, which would make its meeting look new', 'id,name\na,first\n,second\n', ':3: id: the line has none; fill it in or remove the line'],
];

const json: readonly Broken[] = [
  ['no JSON', 'ids: a', `:1: is not valid JSON; ${SHAPE}`],
  ['an early end', '{\n"ids": ["a",\n"b"', `:3: is not valid JSON; ${SHAPE}`],
  ['a comma too many', '{\n"ids": [\n"aaaaaaaaaaaaaaaaaaaa",\n"bbbbbbbbbbbbbbbbbbbbb",\n]\n}', `:5: is not valid JSON; ${SHAPE}`],
  ['a comma too few', '{\n"ids": [\n"a"\n"b"]}', `:4: is not valid JSON; ${SHAPE}`],
  ['a list alone', '["a"]', `: is not an inventory; ${SHAPE}`],
  ['an unknown key', '{\n"takenAt": "2024-05-28T00:00:00Z",\n"id": ["a"]}', `: ids: is required; ${SHAPE}`],
  ['a key too many', '{\n"ids": ["a"],\n"takenat": "2024-05-28T00:00:00Z"}', ':3: takenat: is not known; did you mean takenAt?'],
  ['ids that are numbers', '{\n"ids": ["a", 1]}', `:2: ids.1: is not an id; ${SHAPE}`],
  ['an empty id', '{"ids": ["a", " "]}', `:1: ids.1: is not an id; ${SHAPE}`],
  ['an id twice', '{"ids": [\n"a",\n"b",\n"a"\n]}', ':4: ids.2: repeats an entry; list each one once'],
  ['no ids', '{"ids": []}', ': ids: there are none; an empty inventory would make every meeting look new; export it again'],
  ['another time than the campaign file', '{"ids": ["a"], "takenAt": "2024-05-29T00:00:00Z"}', ': takenAt: says 2024-05-29T00:00:00.000Z and the campaign file 2024-05-28T00:00:00.000Z; write it in one place'],
  ['a time without a zone', '{"ids": ["a"], "takenAt": "2024-05-29"}', ':1: takenAt: is not an instant with its zone; write it like 2024-05-28T00:00:00Z or 2024-05-28T02:00:00+02:00'],
];

describe('refused with file, line, key and remedy:', () => {
  const refusal = async (load: Promise<unknown>): Promise<string> => {
    const cause = await load.then(() => undefined, (thrown: unknown) => thrown);
    if (!(cause instanceof InputError)) throw new Error('it was not refused', { cause });
    return cause.message.replaceAll(`${files.path}/`, '');
  };

  test.each(hosts)('a host list with %s', async (_, content, message) => {
    expect(await refusal(files.hosts(content))).toBe(`hosts.csv${message}`);
  });
  test.each(csv)('a CSV inventory with %s', async (_, content, message) => {
    expect(await refusal(files.inventory('i.csv', content, TAKEN))).toBe(`i.csv${message}`);
  });
  test.each(json)('a JSON inventory with %s', async (_, content, message) => {
    expect(await refusal(files.inventory('i.json', content, TAKEN))).toBe(`i.json${message}`);
  });

  test('an inventory of which nobody says when it was taken, or that was taken in the future', async () => {
    expect(await refusal(files.inventory('i.csv', 'id\na\n'))).toBe('i.csv: takenAt: is required; write in the campaign file when the inventory was taken');
    expect(await refusal(files.inventory('i.csv', 'id\na\n', '2027-01-01T00:00:00Z'))).toBe('i.csv: takenAt: lies in the future; write when the inventory was taken');
  });
});
