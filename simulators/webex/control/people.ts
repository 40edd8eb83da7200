import { z } from 'zod';
import { notFound, type Answer, type VendorRequest } from '../http.js';
import { parse } from '../routes/meeting-body.js';
import type { Store } from '../store.js';

const Licence = z.strictObject({ webinars: z.boolean().optional(), meetings: z.boolean().optional(), hosting: z.boolean().optional() });

/** Where somebody hosted they may only attend from now on, or the other way round. */
function setHosting(store: Store, email: string, hosting: boolean): void {
  const person = store.people.get(email);
  if (!person) throw notFound();
  const sites = [...person.hostSites, ...person.attendeeSites];
  store.people.set(email, { ...person, hostSites: hosting ? sites : [], attendeeSites: hosting ? [] : sites });
}

/** What an administrator does with people. */
export const peopleRoutes = (store: Store): Readonly<Record<string, (request: VendorRequest, email: string) => Answer>> => ({
  'POST people/licence': ({ body }, email) => {
    const key = email.toLowerCase();
    const { webinars, meetings, hosting } = parse(Licence, body);
    for (const [may, without] of [[webinars, store.withoutWebinars], [meetings, store.withoutMeetings]] as const) {
      if (may === true) without.delete(key);
      if (may === false) without.add(key);
    }
    if (hosting !== undefined) setHosting(store, key, hosting);
    return { status: 204 };
  },
  'POST people/leave': (_request, email) => {
    const person = store.people.get(email.toLowerCase());
    if (!person) throw notFound();
    store.leave(person);
    return { status: 204 };
  },
});
