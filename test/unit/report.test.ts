import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { toCsv } from '../../adapters/reports/csv.js';
import { writePlan, writeReport, type ReportRow } from '../../adapters/reports/index.js';

const aRow = (changes: Partial<ReportRow> = {}): ReportRow => ({
  meetingKey: 'mkey7example',
  state: 'done',
  wave: 1,
  finding: 'affected',
  evidence: 'series-start',
  proof: null,
  refusal: null,
  exclusion: null,
  exemption: null,
  failure: null,
  kind: 'single',
  departed: false,
  startsAt: '2026-09-02T07:00:00.000Z',
  lane: 'ops-1',
  steps: [
    { step: 'replace', state: 'started', at: '2026-09-01T07:00:00.000Z', attempt: 1, trackingId: null },
    { step: 'replace', state: 'done', at: '2026-09-01T07:00:01.000Z', attempt: 1, trackingId: 'ROUTER_1' },
  ],
  ...changes,
});

/** RFC 4180 as a reader sees it: quoted cells, doubled quotes, CRLF. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (let at = 0, row: string[] = []; at < text.length; ) {
    const cell = /"((?:[^"]|"")*)"(,|\r\n)/y;
    cell.lastIndex = at;
    const match = cell.exec(text);
    if (!match) throw new Error(`no cell at ${at}`);
    row.push((match[1] ?? '').replaceAll('""', '"'));
    if (match[2] === '\r\n') rows.push(row.splice(0));
    at = cell.lastIndex;
  }
  return rows;
}

describe('CSV', () => {
  test('gives every cell back, and none that a spreadsheet would run', () => {
    const hostile = fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ''), fc.string({ unit: 'binary' })).map(([first, rest]) => first + rest);
    const grid = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(hostile, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(grid, (rows) => {
        const read = readCsv(toCsv(rows));
        expect(read.map((row) => row.map((cell, i) => (cell.startsWith("'") && !rows[read.indexOf(row)]?.[i]?.startsWith("'") ? cell.slice(1) : cell)))).toEqual(rows);
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  test.each([
    ['=HYPERLINK("https://example.org")', '"\'=HYPERLINK(""https://example.org"")"\r\n'],
    ['plain, "quoted"', '"plain, ""quoted"""\r\n'],
    [-1, '"\'-1"\r\n'],
    [null, '""\r\n'],
  ])('writes %j as %j', (cell, line) => {
    expect(toCsv([[cell]])).toBe(line);
  });
});

describe('a report', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relink report '));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is written as JSON and CSV, for the owner’s eyes only, and nothing else is left behind', async () => {
    const { json, csv } = await writeReport(join(folder, 'new'), 'spring-repair', { status: { phase: 'finished' }, progress: [{ at: '2026-06-01T12:00:00.000Z', legacy: 2, replaced: 0, retired: 0, done: 0 }], rows: [aRow(), aRow({ meetingKey: 'mkey8example', wave: null, steps: [] })] });
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ status: { phase: 'finished' }, progress: [{ at: '2026-06-01T12:00:00.000Z', legacy: 2, replaced: 0, retired: 0, done: 0 }], rows: [aRow(), { meetingKey: 'mkey8example', wave: null }] });
    const [header, first, second, ...more] = readCsv(await readFile(csv, 'utf8'));
    expect(header).toEqual(['meetingKey', 'state', 'wave', 'finding', 'evidence', 'proof', 'refusal', 'exclusion', 'exemption', 'failure', 'kind', 'departed', 'startsAt', 'lane', 'steps']);
    expect(first?.slice(0, 10)).toEqual(['mkey7example', 'done', '1', 'affected', 'series-start', '', '', '', '', '']);
    expect(first?.at(-1)).toBe('2026-09-01T07:00:00.000Z replace started #1; 2026-09-01T07:00:01.000Z replace done #1 ROUTER_1');
    expect([second?.[2], more.length]).toEqual(['', 0]);
    expect((await readdir(join(folder, 'new'))).sort()).toEqual(['spring-repair-report.csv', 'spring-repair-report.json']);
    for (const path of [json, csv]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('of a plan has the cost of each meeting, and whether it starts on its old link before it can be reached', async () => {
    const line = { state: 'waiting', wave: 1, kind: 'single', lane: 'ops-1', evidence: 'none', reason: null, departed: false, startsAt: '2026-09-02T07:00:00.000Z' } as const;
    await writePlan(join(folder, 'plan.csv'), [{ ...line, meeting: 'a' }, { ...line, meeting: 'b' }, { ...line, meeting: 'c', state: 'refused' }], { requestsPerMeeting: 11, exposed: ['b'] });
    const [header, ...rows] = readCsv(await readFile(join(folder, 'plan.csv'), 'utf8'));
    expect([header, ...rows].map((row) => [row?.[0], ...(row?.slice(9) ?? [])])).toEqual([['meeting', 'requests', 'creations', 'exposed'], ['a', '11', '1', 'false'], ['b', '11', '1', 'true'], ['c', '0', '0', 'false']]);
  });

  test('replaces the earlier one, also one with wider rights', async () => {
    const path = join(folder, 'spring-repair-report.json');
    await writeFile(path, 'earlier');
    await chmod(path, 0o644);
    const { json } = await writeReport(folder, 'spring-repair', { status: {}, progress: [], rows: [] });
    expect(json).toBe(path);
    expect(JSON.parse(await readFile(json, 'utf8'))).toEqual({ status: {}, progress: [], rows: [] });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('holds the named fields only, whatever else the rows carry', async () => {
    const richer = { ...aRow(), title: 'Budget round', steps: [{ ...aRow().steps[0], note: 'robin@example.org' }] } as unknown as ReportRow;
    const { json, csv } = await writeReport(folder, 'spring-repair', { status: {}, progress: [], rows: [richer] });
    for (const path of [json, csv]) expect(await readFile(path, 'utf8')).not.toMatch(/Budget|robin/);
  });

  test('leaves no draft when it cannot be put in place', async () => {
    const { json } = await writeReport(folder, 'spring-repair', { status: {}, progress: [], rows: [] });
    await rm(json);
    await writeReport(join(json), 'other', { status: {}, progress: [], rows: [] }); // now a folder stands where the file should
    await expect(writeReport(folder, 'spring-repair', { status: {}, progress: [], rows: [] })).rejects.toMatchObject({ code: 'EISDIR' });
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test.each(['../escape', '', 'Spring', 'a/b', 'a.b'])('is refused for the name %j', async (name) => {
    await expect(writeReport(folder, name, { status: {}, progress: [], rows: [] })).rejects.toMatchObject({ type: 'InvalidInput' });
    expect(await readdir(folder)).toEqual([]);
  });
});
