import { writeAtomically } from './atomic.js';

/** What `evidence.snapshots` of a campaign reads. Ids and sites of the vendor: nothing that names a person. */
export interface InventoryExport {
  /** When the inventory began, ISO 8601 in UTC: what is missing in it was created later. */
  readonly takenAt: string;
  readonly vendor: string;
  readonly sites: readonly string[];
  readonly ids: readonly string[];
}

/** One id a line, so that an error can point at it. */
export const writeInventory = (path: string, { takenAt, vendor, sites, ids }: InventoryExport): Promise<void> =>
  writeAtomically(path, `${JSON.stringify({ takenAt, vendor, sites, ids }, null, 1)}\n`);
