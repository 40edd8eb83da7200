import { z } from 'zod';
import type { InventorySnapshot } from '../../../domain/campaign.js';
import { csvColumn } from './csv.js';
import { explain } from './explain.js';
import { instant, isAddress } from './fields.js';
import { InputError } from './input-error.js';
import { LIST_LIMIT, readText } from './read-text.js';

const SHAPE = 'write { "takenAt": "2024-05-28T00:00:00Z", "ids": ["…"] }';
const Inventory = z.strictObject(
  {
    takenAt: instant.optional(),
    vendor: z.string({ error: `must be a text; ${SHAPE}` }).optional(),
    sites: z.array(z.string({ error: `is not a site; ${SHAPE}` }), { error: `must be a list; ${SHAPE}` }).optional(),
    ids: z.array(z.string({ error: `is not an id; ${SHAPE}` }).trim().min(1, { error: `is not an id; ${SHAPE}` }), { error: `must be a list; ${SHAPE}` }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? `is not an inventory; ${SHAPE}` : undefined) },
);

interface Entry {
  readonly text: string;
  readonly line?: number | undefined;
  readonly key: string;
}

/** Addresses of hosts, lower case: CSV with a column `host`. @throws InputError */
export async function readHosts(file: string): Promise<readonly string[]> {
  const content = await readText(file, LIST_LIMIT);
  const cells = csvColumn(file, content, 'host');
  const wrong = cells.find(({ text }) => !isAddress(text));
  if (wrong) throw new InputError({ file, line: wrong.line, key: 'host', problem: 'is not an address', remedy: 'write one address a line, like ada@example.org' });
  if (cells.length === 0) throw new InputError({ file, key: 'host', problem: 'names nobody', remedy: 'write one address a line, or hosts: all in the campaign file' });
  return unique(file, content, cells.map(({ text, line }) => ({ text: text.toLowerCase(), line, key: 'host' })));
}

/**
 * An inventory taken at a known time: CSV with a column `id`, or JSON `{ takenAt, ids }`, in which `relink inventory export` adds vendor and sites.
 * @param takenAt what the campaign file says
 * @param vendor of the campaign
 * @throws InputError
 */
export async function readInventory(file: string, { takenAt, vendor, now }: { readonly takenAt: string | undefined; readonly vendor: string; readonly now: Date }): Promise<InventorySnapshot> {
  const text = await readText(file, LIST_LIMIT);
  const { entries, inside, of, sites } = file.toLowerCase().endsWith('.json') ? fromJson(file, text) : fromCsv(file, text);
  const when = takenAt ?? inside;
  const fault = (key: string, problem: string, remedy: string): InputError => new InputError({ file, key, problem, remedy });
  if (of !== undefined && of !== vendor) throw fault('vendor', `is ${of.slice(0, 40)}, and the campaign is about ${vendor}`, 'name an inventory of that vendor');
  if (when === undefined) throw fault('takenAt', 'is required', 'write in the campaign file when the inventory was taken');
  if (inside !== undefined && inside !== when) throw fault('takenAt', `says ${inside} and the campaign file ${when}`, 'write it in one place');
  if (Date.parse(when) > now.getTime()) throw fault('takenAt', 'lies in the future', 'write when the inventory was taken');
  if (entries.length === 0) throw fault('ids', 'there are none', 'an empty inventory would make every meeting look new; export it again');
  if (entries.every(({ text: id }) => NUMBER.test(id))) throw fault('ids', 'are numbers of meetings, not ids', 'an inventory that knows no meeting by its id makes every one look new; export the ids');
  return { takenAt: when, ids: unique(file, text, entries), ...(sites === undefined ? {} : { sites: sites.map((site) => site.toLowerCase()) }) };
}

/** As people read it out, `2555 111 0001`. */
const NUMBER = /^\d[\d -]{4,18}\d$/;

interface Listed {
  readonly entries: readonly Entry[];
  readonly inside?: string | undefined;
  readonly of?: string | undefined;
  readonly sites?: readonly string[] | undefined;
}

const fromCsv = (file: string, text: string): Listed => ({ entries: csvColumn(file, text, 'id').map((cell) => ({ ...cell, key: 'id' })) });

function fromJson(file: string, text: string): Listed {
  const json = parseJson(file, text);
  const parsed = Inventory.safeParse(json);
  const [issue] = parsed.error?.issues ?? [];
  if (issue || !parsed.data) {
    throw explain(issue as z.core.$ZodIssue, Inventory, json, (path, problem, remedy) => {
      const line = lineAt(text, text.indexOf(JSON.stringify(path[0])));
      return new InputError({ file, line, key: path.map(String).join('.'), problem, remedy });
    });
  }
  const { ids, takenAt, vendor, sites } = parsed.data;
  return { entries: ids.map((id, i) => ({ text: id, key: `ids.${i}` })), inside: takenAt, of: vendor, sites };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InputError({ file, line: lineAt(text, offsetIn(text, String(cause))), problem: 'is not valid JSON', remedy: SHAPE });
  }
}

/** Where V8 stopped: it gives a position, or ten characters on each side, or nothing when the text ends too early. */
function offsetIn(text: string, message: string): number {
  const [, position] = /position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return Number(position);
  const [, token = '', cut, around] = /Unexpected token '?(.+?)'?, (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message) ?? [];
  if (around === undefined) return text.length;
  return cut ? text.indexOf(around) + 10 : text.indexOf(token);
}

const lineAt = (text: string, offset: number): number | undefined => (offset < 0 ? undefined : text.slice(0, offset).split('\n').length);

/** @param text of the file: JSON entries have no line until one is needed */
function unique(file: string, text: string, entries: readonly Entry[]): readonly string[] {
  const seen = new Set<string>();
  for (const { text: entry, line, key } of entries) {
    if (seen.has(entry)) throw new InputError({ file, line: line ?? lineAt(text, text.lastIndexOf(JSON.stringify(entry))), key, problem: 'repeats an entry', remedy: 'list each one once' });
    seen.add(entry);
  }
  return [...seen];
}
