import type { HttpOptions } from '../http/client.js';
import { createTokenGrant } from '../http/token-grant.js';
import { RelinkFailure } from '../../domain/failures.js';
import type { TokenGrant } from '../../domain/credential.js';
import type { ConferencingVendor } from '../../domain/ports.js';
import { TOKEN_PATH } from './webex/client.js';
import { createWebex } from './webex/index.js';

interface Vendor {
  readonly create: (options: HttpOptions) => ConferencingVendor;
  /** Where tokens are renewed, below the base URL. */
  readonly tokenPath: string;
}

/** One line per vendor. */
const vendors: Readonly<Record<string, Vendor>> = {
  webex: { create: createWebex, tokenPath: TOKEN_PATH },
};

/** @throws RelinkFailure `InvalidInput` for a vendor that Relink does not know. */
export const createVendor = (name: string, options: HttpOptions): ConferencingVendor => known(name).create(options);

/** Renews tokens at the vendor. @throws RelinkFailure `InvalidInput` for a vendor that Relink does not know. */
export const createVendorGrant = (name: string, { baseUrl, timeoutMs }: Pick<HttpOptions, 'baseUrl' | 'timeoutMs'>): TokenGrant =>
  createTokenGrant({ url: `${baseUrl}${known(name).tokenPath}`, timeoutMs });

function known(name: string): Vendor {
  const vendor = vendors[name];
  if (!vendor) throw new RelinkFailure('InvalidInput', `there is no vendor ${name}; known are: ${Object.keys(vendors).join(', ')}`);
  return vendor;
}
