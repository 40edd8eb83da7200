import { badRequest, type Handler } from '../http.js';
import { hostOf, type VendorContext } from './context.js';

/** `GET /meetings/trackingCodes`: codes of a site, with the values that a user may give them. */
export const listTrackingCodes =
  (context: VendorContext): Handler =>
  ({ query }) => {
    if (query.get('service') === null) throw badRequest('service is required.');
    const { host, site } = hostOf(context, query.get('hostEmail') ?? undefined, query.get('siteUrl') ?? undefined);
    return { status: 200, body: { items: context.store.codes.shown(site, host.email) } };
  };
