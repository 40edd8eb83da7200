import { z } from 'zod';
import type { InventorySnapshot } from '../../../domain/campaign.js';
import { csvColumn } from './csv.js';
import { instant, isAddress } from './fields.js';
import { InputError } from './input-error.js';
import { LIST_LIMIT, readText } from './read-text.js';

const Inventory = z.object({ takenAt: instant.optional(), ids: z.array(z.string().min(1)) });

/** Addresses of hosts, lower case. @throws InputError */
export async function readHosts(file: string): Promise<readonly string[]> {
  const cells = csvColumn(file, await readText(file, LIST_LIMIT), 'host');
  const wrong = cells.find(({ text }) => !isAddress(text));
  if (wrong) throw new InputError({ file, line: wrong.line, key: 'host', problem: 'is not an address', remedy: 'write one address a line, like ada@example.org' });
  return unique(file, cells.map(({ text, line }) => ({ text: text.toLowerCase(), line })));
}

/** An inventory taken at a known time: CSV with a column `id`, or JSON `{ takenAt, ids }`. @throws InputError */
export async function readInventory(file: string, takenAt: string | undefined): Promise<InventorySnapshot> {
  const text = await readText(file, LIST_LIMIT);
  const { ids, at } = file.toLowerCase().endsWith('.json') ? fromJson(file, text) : { ids: unique(file, csvColumn(file, text, 'id')), at: undefined };
  const when = takenAt ?? at;
  if (when === undefined) throw new InputError({ file, problem: 'does not say when it was taken', remedy: 'write takenAt in the campaign file' });
  if (ids.length === 0) throw new InputError({ file, problem: 'has no ids', remedy: 'an empty inventory would make every meeting look new; export it again' });
  return { takenAt: when, ids };
}

function fromJson(file: string, text: string): { readonly ids: readonly string[]; readonly at: string | undefined } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError({ file, problem: 'is not valid JSON', remedy: 'write { "takenAt": "…Z", "ids": ["…"] }' });
  }
  const parsed = Inventory.safeParse(json);
  if (!parsed.success) throw new InputError({ file, key: parsed.error.issues[0]?.path.map(String).join('.'), problem: 'is not as expected', remedy: 'write { "takenAt": "…Z", "ids": ["…"] }' });
  return { ids: unique(file, parsed.data.ids.map((id) => ({ text: id, line: undefined }))), at: parsed.data.takenAt };
}

function unique(file: string, cells: readonly { readonly text: string; readonly line: number | undefined }[]): readonly string[] {
  const seen = new Set<string>();
  for (const { text, line } of cells) {
    if (seen.has(text)) throw new InputError({ file, line, problem: 'repeats an entry', remedy: 'list each one once' });
    seen.add(text);
  }
  return [...seen];
}
