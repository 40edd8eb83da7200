import { InputError } from '../../adapters/runtime/config/index.js';
import { readTarget } from '../../client/campaign-argument.js';
import { WrongUse } from '../../client/errors.js';
import { CAMPAIGN, change, ConfigFolder, RELINK } from '../support/config-files.js';

let files: ConfigFolder;
beforeEach(async () => void (files = await ConfigFolder.create()));
afterEach(() => files.remove());

async function target(content: string | Buffer, isForName = true) {
  const [config, file] = [await files.relink(RELINK), await files.put('campaign.yaml', content)];
  return readTarget(file, config, isForName);
}
async function refusal(content: string | Buffer): Promise<string> {
  const cause: unknown = await target(content).catch((thrown: unknown) => thrown);
  if (!(cause instanceof Error)) throw new Error('it was not refused');
  return cause.message.replaceAll(`${files.path}/`, '');
}

test.each([
  ['a list that is missing', change(CAMPAIGN, 'hosts: all', 'hosts: { file: nowhere.csv }')],
  ['an unknown key', change(CAMPAIGN, 'policy:', 'polici:')],
  ['a value half typed', change(CAMPAIGN, 'waves: [1, 10, rest]', 'waves: [1, 1')],
  ['a line that is no YAML', change(CAMPAIGN, 'grace: 24h', 'grace: 24h: {{')],
  ['a key twice', `${CAMPAIGN}grace: 1h\n`],
  ['no more than the name', 'name: spring\n'],
])('of a campaign file with %s the name is read where nothing else counts, and nowhere else', async (_, content) => {
  expect(await target(content)).toEqual({ name: 'spring', spec: undefined });
  await expect(target(content, false)).rejects.toThrow(InputError);
});

test('a file that counts is read as a whole', async () => {
  expect(await target(CAMPAIGN, false)).toMatchObject({ name: 'spring', spec: { name: 'spring', graceMs: 86_400_000 } });
});

const WAY_OUT = 'or name the campaign in place of its file: `relink pause NAME`';

test.each([
  ['no name', change(CAMPAIGN, 'name: spring\n', '')],
  ['two names', `${CAMPAIGN}name: autumn\n`],
  ['a name that is none', change(CAMPAIGN, 'name: spring', 'name: Spring clean')],
  ['a list for a name', change(CAMPAIGN, 'name: spring', 'name: [spring]')],
  ['nothing in it', ''],
])('with %s it says how to do without', async (_, content) => {
  expect(await refusal(content)).toBe(`campaign.yaml: name: cannot be read; mend the file, ${WAY_OUT}`);
});

test('a file that cannot be read as text says so too', async () => {
  expect(await refusal(Buffer.from([0xff, 0xfe, 0x6e, 0x00]))).toBe(`campaign.yaml: is in UTF-16; save it as UTF-8, ${WAY_OUT}`);
  await expect(readTarget('no such file.yaml', await files.relink(RELINK), true)).rejects.toThrow(WrongUse);
});
