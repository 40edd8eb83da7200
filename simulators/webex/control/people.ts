import { z } from 'zod';
import { notFound, type Answer, type VendorRequest } from '../http.js';
import { parse } from '../routes/meeting-body.js';
import type { Store } from '../store.js';

const Licence = z.strictObject({ webinars: z.boolean() });
const SlowLists = z.strictObject({ over: z.int().min(0).nullable() });

/** What an administrator does with people. */
export const peopleRoutes = (store: Store): Readonly<Record<string, (request: VendorRequest, email: string) => Answer>> => ({
  'POST people/licence': ({ body }, email) => {
    if (parse(Licence, body).webinars) store.withoutWebinars.delete(email.toLowerCase());
    else store.withoutWebinars.add(email.toLowerCase());
    return { status: 204 };
  },
  'POST people/slow-lists': ({ body }, email) => {
    const { over } = parse(SlowLists, body);
    if (over === null) store.slowLists.delete(email.toLowerCase());
    else store.slowLists.set(email.toLowerCase(), over);
    return { status: 204 };
  },
  'POST people/leave': (_request, email) => {
    const person = store.people.get(email.toLowerCase());
    if (!person) throw notFound();
    store.leave(person);
    return { status: 204 };
  },
});
