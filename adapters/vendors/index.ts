import type { HttpOptions } from '../http/client.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { createWebex } from './webex/index.js';

/** One line per vendor. */
const vendors: Readonly<Record<string, (options: HttpOptions) => ConferencingVendor>> = {
  webex: createWebex,
};

/** @throws RelinkFailure `InvalidInput` for a vendor that Relink does not know. */
export function createVendor(name: string, options: HttpOptions): ConferencingVendor {
  const create = vendors[name];
  if (!create) throw new RelinkFailure('InvalidInput', `there is no vendor ${name}; known are: ${Object.keys(vendors).join(', ')}`);
  return create(options);
}
