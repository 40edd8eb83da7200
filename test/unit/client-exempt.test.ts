import pc from 'picocolors';
import { run } from '../../client/cli.js';
import { wayOf, type ExemptOptions } from '../../client/commands/exempt-way.js';
import { WrongUse } from '../../client/errors.js';
import { createScreen, type Io } from '../../client/io.js';
import { exemptionLines, exemptionTable, previewText, receiptText } from '../../client/show/exemptions.js';
import { wantedIn } from '../../client/steer/exempt.js';
import { expiry, readExemptions } from '../../adapters/runtime/config/index.js';
import type { Exemption } from '../../domain/exemptions.js';
import { ConfigFolder } from '../support/config-files.js';

const plain = pc.createColors(false);
const NOW = new Date('2026-11-24T12:00:00Z');

describe('a file of exemptions', () => {
  let files: ConfigFolder;
  beforeEach(async () => void (files = await ConfigFolder.create()));
  afterEach(() => files.remove());

  /** What the verb makes of it, in a campaign with these meetings. */
  async function read(content: string, keys: readonly string[] = ['abc1', 'abd2']) {
    const file = await files.put('exemptions.csv', content);
    const { lines, faults } = await readExemptions(file, NOW);
    return wantedIn(file, lines, faults, keys);
  }
  async function refusal(content: string): Promise<string> {
    const cause: unknown = await read(content).catch((thrown: unknown) => thrown);
    if (!(cause instanceof Error)) throw new Error('it was not refused');
    return cause.message.replaceAll(`${files.path}/`, '');
  }
  const HEAD = 'host,meeting,until,by,reason\n';

  test('is read with keys in full, in any order of columns', async () => {
    expect(await read('reason,by,until,note,meeting,host\n"moves,  away",Bob,2026-12-31,x,,Ada@Example.org\nhearing,Cy,2026-12-01T17:00:00+01:00,,ABD,\n')).toEqual([
      { subject: { host: 'ada@example.org' }, until: '2027-01-01T00:00:00.000Z', by: 'Bob', reason: 'moves, away' },
      { subject: { meeting: 'abd2' }, until: '2026-12-01T16:00:00.000Z', by: 'Cy', reason: 'hearing' },
    ]);
  });

  const DATE = 'write a day like 2026-12-31, which counts to its end in UTC, or an instant like 2026-12-31T17:00:00+01:00';
  test.each([
    ['nobody', ',,2026-12-31,Bob,why', 'host: the line names neither a host nor a meeting; each line needs a host or a meeting, and not both'],
    ['both', 'ada@example.org,abc1,2026-12-31,Bob,why', 'meeting: the line names a host too; each line needs a host or a meeting, and not both'],
    ['no address', 'ada,,2026-12-31,Bob,why', 'host: is not an address; write it like ada@example.org'],
    ['an unknown meeting', ',zzz,2026-12-31,Bob,why', 'meeting: is not the key of one meeting of this campaign; `relink report` lists the keys; write as much as is unique'],
    ['a key of two meetings', ',ab,2026-12-31,Bob,why', 'meeting: is not the key of one meeting of this campaign; `relink report` lists the keys; write as much as is unique'],
    ['no end', 'ada@example.org,,,Bob,why', `until: the line has none; ${DATE}`],
    ['an end that is none', 'ada@example.org,,31-12-2026,Bob,why', `until: is not a day or an instant of the calendar; ${DATE}`],
    ['a day that never comes', 'ada@example.org,,2027-02-31,Bob,why', `until: is not a day or an instant of the calendar; ${DATE}`],
    ['an end that is past', 'ada@example.org,,2026-11-23,Bob,why', 'until: is over already; write a later one'],
    ['no author', 'ada@example.org,,2026-12-31,,why', 'by: the line has none; write 1 to 500 characters'],
    ['no reason', 'ada@example.org,,2026-12-31,Bob, ', 'reason: the line has none; write 1 to 500 characters'],
    ['a reason that is a book', `ada@example.org,,2026-12-31,Bob,${'x'.repeat(501)}`, 'reason: is too long; write 1 to 500 characters'],
  ])('with %s is refused with file, line, column and remedy', async (_, line, message) => {
    expect(await refusal(`${HEAD}bob@example.org,,2026-12-31,Bob,why\n${line}\n`)).toBe(`exemptions.csv:3: ${message}\nnothing was changed`);
  });

  test('with several bad lines is refused with all of them, in order, and says nothing of what stands there', async () => {
    const text = await refusal(`${HEAD}ada@example.org,,2026-12-31,Bob,why\nADA@example.org,,2026-12-31,Bob,why\neve,,2026-12-31,Bob,why\n,abc1,2026-12-31,Bob,why\n,abc,2026-12-31,Bob,why\n`);
    expect(text.split('\n')).toEqual([
      'exemptions.csv:3: host: repeats an entry; list each host and each meeting once',
      'exemptions.csv:4: host: is not an address; write it like ada@example.org',
      'exemptions.csv:6: meeting: repeats an entry; list each host and each meeting once',
      'nothing was changed',
    ]);
    expect(await refusal(`${HEAD}${'eve,,2026-12-31,Bob,why\n'.repeat(23)}`)).toMatch(/exemptions\.csv:21: host: .*\nand 3 more lines\nnothing was changed$/);
  });

  test('that cannot be read as one is refused as a whole', async () => {
    expect(await refusal('host,meeting,by,reason\n')).toBe('exemptions.csv:1: until: there is no such column; the first line must name the columns, one of them until');
    expect(await refusal(HEAD)).toBe('exemptions.csv: until: there are no exemptions; write one a line, below the names of the columns');
    expect(await refusal(`${HEAD}a@example.org,2026-12-31\n`)).toContain('exemptions.csv:2: until: cells: 2 here, 5 in the first line');
  });
});

test('a day counts to its end', () => {
  expect(expiry('2026-11-24', NOW)).toEqual({ at: '2026-11-25T00:00:00.000Z' });
  expect(expiry('2026-11-24T12:00:00Z', NOW)).toMatchObject({ problem: 'is over already' });
});

describe('the options', () => {
  const why = { by: 'Bob', reason: 'why' };
  const until = '2026-12-31T00:00:00.000Z';

  test.each<[ExemptOptions, object]>([
    [{ list: true }, { do: 'list' }],
    [{ file: 'x.csv' }, { do: 'import', file: 'x.csv' }],
    [{ host: 'a@example.org', until, ...why }, { do: 'grant', wanted: { subject: { host: 'a@example.org' }, until, ...why } }],
    [{ meeting: 'abc', remove: true, ...why }, { do: 'remove', subject: { meeting: 'abc' }, ...why }],
    [{ host: 'a@example.org', wave: 2, class: 'CalendarManaged', until, ...why }, { do: 'grant-each', selection: { wave: 2, failure: 'CalendarManaged', host: ['a@example.org'] }, until, ...why }],
  ])('%j ask for %j', (options, way) => expect(wayOf(options)).toEqual(way));

  test.each<[ExemptOptions, string]>([
    [{}, 'what? Give one of'],
    [why, 'what? Give one of'],
    [{ host: 'a@example.org', meeting: 'abc', until, ...why }, '--host and --meeting do not go together'],
    [{ file: 'x.csv', list: true }, '--file and --list do not go together'],
    [{ file: 'x.csv', until }, '--until does not go with --file, whose lines say it'],
    [{ list: true, remove: true }, '--remove does not go with --list'],
    [{ host: 'a@example.org', until, by: 'Bob' }, 'Give --by NAME and --reason TEXT'],
    [{ host: 'a@example.org', remove: true }, 'Give --by NAME and --reason TEXT'],
    [{ host: 'a@example.org', remove: true, until, ...why }, '--until does not go with --remove'],
    [{ meeting: 'abc', ...why }, 'Give --until DATE'],
    [{ state: ['failed'], ...why }, 'Give --until DATE'],
    [{ limit: 3, until }, 'Give --by NAME and --reason TEXT'],
    [{ wave: 1, remove: true, ...why }, '--remove does not go with a selection'],
  ])('%j are refused: %s', (options, message) => {
    expect(() => wayOf(options)).toThrow(WrongUse);
    expect(() => wayOf(options)).toThrow(message);
  });

  test.each([
    [['--host', 'ada'], 'Write it like noor@example.org'],
    [['--host', 'ada@example.org', '--until', '2020-01-01', '--by', 'Bob', '--reason', 'why'], 'It is over already'],
    [['--host', 'ada@example.org', '--by', ' ', '--reason', 'why'], 'Write 1 to 500 characters'],
    [['--file', 'missing.csv'], 'missing.csv: does not exist'],
  ])('typed as %j are wrong use, before anything is connected', async (typed, message) => {
    let said = '';
    const screen = createScreen({ write: (text: string | Uint8Array) => ((said += String(text)), true) }, true);
    const io: Io = { out: screen, err: screen, ask: null };
    expect(await run(['exempt', ...typed], io)).toBe(2);
    expect(said).toContain(message);
  });
});

const anExemption = (changes: Partial<Exemption> = {}): Exemption => ({
  id: 1,
  kind: 'host',
  key: 'abcdefghijklmnop',
  until: '2026-12-31T00:00:00.000Z',
  standing: 'in force',
  meetings: 3,
  by: 'Bob',
  reason: 'a hearing',
  at: '2026-11-24T01:00:00.000Z',
  removed: null,
  ...changes,
});

describe('what is told', () => {
  test('before: how many meetings leave the queue, and which are not touched', () => {
    const text = previewText('spring', 'exempt', 2, { seen: [0, 1], inForce: 1, leave: 12, underWay: 2, return: 0, settled: 3 }).join('\n');
    for (const words of ['Exempts 2 hosts and meetings in spring: 17 meetings are concerned', '12 wait and leave the queue now', '2 are worked on or replaced already, and not touched; `relink rollback spring', '3 are settled', '1 exemption in force already']) expect(text).toContain(words);
    expect(previewText('spring', 'exempt', 1, { seen: [0], inForce: 0, leave: 0, underWay: 0, return: 0, settled: 0 })).toEqual([expect.stringContaining('0 meetings are concerned so far; see whether what you named is right')]);
    expect(previewText('spring', 'remove', 1, { seen: [1], inForce: 1, leave: 0, underWay: 0, return: 4, settled: 1 })).toEqual([expect.stringContaining('4 meetings will be judged again')]);
  });

  test('after: what was changed, and what was not', () => {
    expect(receiptText({ exempted: 1, unchanged: 2, left: 1, underWay: 1 })).toBe('1 exempted; 2 as before; 1 meeting left the queue; 1 is worked on or replaced already, and was not touched.');
    expect(receiptText({ exempted: 1, unchanged: 0, left: 0, underWay: 0 })).toBe('1 exempted; 0 meetings left the queue.');
  });

  test('in plan and status: those in force with who, when, why and until when, no address, and never a page of them', () => {
    const text = exemptionLines('spring', [anExemption(), anExemption({ id: 2, reason: 'over', standing: 'expired' })], plain).join('\n');
    for (const words of ['host abcdefghijkl', '2026-12-31 00:00 UTC', 'Bob', '2026-11-24 01:00 UTC', 'a hearing']) expect(text).toContain(words);
    expect(text).not.toContain('over');
    const many = exemptionLines('spring', Array.from({ length: 25 }, (_, id) => anExemption({ id })), plain);
    expect(many).toHaveLength(12);
    expect(many.at(-1)).toBe('15 more: `relink exempt spring --list`');
    expect(exemptionLines('spring', undefined, plain)).toEqual([]);
  });

  test('in the list: all, with who took one back, and addresses only where they are given', () => {
    const removed = anExemption({ standing: 'removed', removed: { by: 'Cy', reason: 'moved', at: '2026-11-25T00:00:00.000Z' } });
    expect(exemptionTable([removed], plain, new Map([[1, 'ada@example.org']])).join('\n')).toMatch(/ada@example\.org .* a hearing; removed by Cy at 2026-11-25 00:00 UTC: moved/);
    expect(exemptionTable([removed], plain).join('\n')).not.toContain('@');
  });
});
