import { z } from 'zod';
import type { Answer, VendorRequest } from '../http.js';
import { parse } from '../routes/meeting-body.js';
import type { Store } from '../store.js';

const SuiteBody = z.strictObject({ migrated: z.boolean() });
const ListsBody = z.strictObject({ interpretation: z.boolean() });

/** What the vendor does differently from now on: on one of its sites, or everywhere in its lists. */
export const siteRoutes = (store: Store): Readonly<Record<string, (request: VendorRequest, site: string) => Answer>> => ({
  'POST lists': ({ body }) => {
    store.listsInterpretation = parse(ListsBody, body).interpretation;
    return { status: 204 };
  },
  'POST sites/suite': ({ body }, site) => {
    store.suites[parse(SuiteBody, body).migrated ? 'add' : 'delete'](site);
    return { status: 204 };
  },
});
