import type { Handler } from '../http.js';
import { sessionTypesOf } from '../webinars.js';
import { hostOf, type VendorContext } from './context.js';

/** `GET /meetings/sessionTypes`: what a user may plan on a site. */
export const listSessionTypes =
  (context: VendorContext): Handler =>
  ({ query }) => {
    const { host } = hostOf(context, query.get('hostEmail') ?? undefined, query.get('siteUrl') ?? undefined);
    return { status: 200, body: { items: sessionTypesOf(context.store, host.email) } };
  };
