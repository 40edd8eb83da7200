import { isMap, isScalar, parseDocument } from 'yaml';
import { name as CampaignName } from './fields.js';
import { InputError } from './input-error.js';
import { readText, YAML_LIMIT } from './read-text.js';

/**
 * The name in a campaign file and nothing else of it, whatever the rest and the files that it names are like: who must hold a campaign at once may be
 * in the midst of editing them.
 * @throws InputError
 */
export async function campaignName(file: string): Promise<string> {
  const { contents } = parseDocument(await readText(file, YAML_LIMIT), { prettyErrors: false });
  const named = isMap(contents) ? contents.items.filter(({ key }) => isScalar(key) && key.value === 'name') : [];
  const [value] = named.map((pair) => (isScalar(pair.value) ? pair.value.value : undefined));
  const parsed = CampaignName.safeParse(value);
  if (named.length !== 1 || !parsed.success) throw new InputError({ file, key: 'name', problem: 'cannot be read', remedy: 'mend the file' });
  return parsed.data;
}
