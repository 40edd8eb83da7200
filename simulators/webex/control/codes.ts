import { z } from 'zod';
import type { Answer, VendorRequest } from '../http.js';
import { parse } from '../routes/meeting-body.js';
import type { Store } from '../store.js';
import { SiteCode } from '../tracking-codes.js';

const OfSite = z.strictObject({ codes: z.array(SiteCode) });
const OfPerson = z.strictObject({ codes: z.record(z.string(), z.string().min(1)) });

/** What an administrator does with tracking codes. */
export const codeRoutes = ({ codes }: Pick<Store, 'codes'>): Readonly<Record<string, (request: VendorRequest, id: string) => Answer>> => ({
  'POST sites/codes': ({ body }, site) => {
    codes.ofSite(site, parse(OfSite, body).codes);
    return { status: 204 };
  },
  'POST people/codes': ({ body }, email) => {
    codes.ofPerson(email, parse(OfPerson, body).codes);
    return { status: 204 };
  },
});
