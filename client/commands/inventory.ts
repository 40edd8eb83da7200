import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { writeInventory, type InventoryExport } from '../../adapters/reports/index.js';
import type { Existing } from '../../domain/ledger.js';
import { JobFailed, WrongUse } from '../errors.js';
import type { Io, Screen } from '../io.js';
import { takeOver, withCampaign, type CampaignSession } from '../session.js';
import { count } from '../show/format.js';
import { mustNotFeed, takeInventory } from '../steer/inventory.js';
import { answer, CAMPAIGN_ARGUMENT, JSON_OPTION, quiet, verb } from '../verb.js';

export const inventoryCommand = (io: Io) =>
  quiet(new Command('inventory'), io.err)
    .description('what exists at the vendor today, as evidence for later')
    .addHelpText('after', '\nExample:\n  relink inventory export --out 2026-11.json  ids alone; later campaigns name the file under evidence.snapshots')
    .addCommand(exportCommand(io));

const exportCommand = ({ out, err }: Io) =>
  verb({
    name: 'export',
    what: 'take the inventory of a campaign anew, as `plan` does, and write the ids of all meetings to a file that evidence.snapshots reads; only reads at the vendor. Not while the campaign runs',
    examples: [
      ['relink inventory export', 'into inventories/ in the data folder'],
      ['relink inventory export webex-june-2024 --out 2026-11.json', 'of a campaign the ledger knows, into another file'],
    ],
  }, err)
    .argument(...CAMPAIGN_ARGUMENT)
    .addOption(new Option('--out <file>', 'where to; the name ends with .json').argParser(jsonFile))
    .option(...JSON_OPTION)
    .action((campaign, { config, out: file, json }) =>
      withCampaign({ config, campaign, save: false, lend: true }, async (session) => {
        if (file !== undefined && existsSync(file)) throw new WrongUse(`${file} is there already and is left as it is: what existed then cannot be found out again; name another file`);
        await mustNotFeed(session);
        await takeOver(session);
        const inventory = await exported(session, err);
        const path = pathOf(session, file, inventory.takenAt);
        await writeInventory(path, inventory);
        const written = { file: path, takenAt: inventory.takenAt, meetings: inventory.ids.length };
        answer(out, json, 'inventory export', written, () => [`wrote ${path}: ${count(written.meetings, 'meeting')}, taken at ${written.takenAt}`]);
      }),
    );

/** By its name `evidence.snapshots` knows it for JSON. */
function jsonFile(path: string): string {
  if (!path.toLowerCase().endsWith('.json')) throw new InvalidArgumentError('Write a name that ends with .json.');
  return path;
}

/** `takenAt` is when it began: a meeting that is not in it was created later. */
async function exported(session: CampaignSession, progress: Screen): Promise<InventoryExport> {
  const { ledger, name: campaign, spec } = session;
  const { vendor } = spec.advisory;
  const takenAt = await takeInventory(session, progress);
  const existing = await ledger.inventory.existing({ campaign, token: takenAt, vendor });
  const fault = faultOf(existing);
  if (fault !== null) throw new JobFailed(`nothing was written: ${fault}`);
  return { takenAt, vendor, sites: existing.sites, ids: existing.ids };
}

/** Why it must not be taken for a whole inventory: whatever is missing would look new later, and keep its old link. */
export function faultOf({ ids, hosts, incompleteHosts }: Existing): string | null {
  if (hosts === 0) return 'another inventory of this campaign began meanwhile, or the vendor lists no hosts; export again';
  if (incompleteHosts > 0) return `not all meetings of ${count(incompleteHosts, 'host')} could be read, and they would look new later; see \`relink failures\`, and export again when the vendor lists them`;
  return ids.length === 0 ? 'there is no meeting, and with an empty inventory every meeting would look new later' : null;
}

const pathOf = ({ config, name }: CampaignSession, file: string | undefined, takenAt: string): string =>
  file ?? join(config.dataDir, 'inventories', `${name}-${takenAt.slice(0, 19).replaceAll(':', '')}Z.json`);
