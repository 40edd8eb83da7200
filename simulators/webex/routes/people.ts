import { notFound, type Handler } from '../http.js';
import { page, pageSize } from '../paging.js';
import { displayName } from '../people.js';
import { personObject } from '../render.js';
import type { VendorContext } from './context.js';

/** `GET /people`: an administrator may list everybody. */
export const listPeople =
  ({ store, orgId }: VendorContext): Handler =>
  (request) => {
    const email = request.query.get('email')?.toLowerCase();
    const name = request.query.get('displayName')?.toLowerCase();
    const listed = [...store.people.values()]
      .filter((person) => (email === undefined || person.email === email) && (name === undefined || displayName(person).toLowerCase().startsWith(name)))
      .map((person, i) => ({ key: String(i).padStart(7, '0'), item: () => personObject(person, orgId) }));
    return page(request, listed, pageSize(request.query, 100, 1000));
  };

/** `GET /people/me` */
export const readMe =
  ({ admin, orgId }: VendorContext): Handler =>
  () => ({ status: 200, body: personObject(admin, orgId) });

/** `GET /people/{personId}` */
export const readPerson =
  ({ store, orgId }: VendorContext): Handler =>
  ({ params }) => {
    const person = [...store.people.values()].find(({ id }) => id === params['personId']);
    if (!person) throw notFound();
    return { status: 200, body: personObject(person, orgId) };
  };
