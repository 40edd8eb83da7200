import { z } from 'zod';
import type { Parts } from '../../../../domain/meeting.js';
import type { Written } from '../../../../domain/ports.js';
import type { WebexClient } from '../client.js';
import { unreadable } from '../errors.js';
import { insertMissing } from '../insertion.js';
import { none } from '../no-memory.js';
import { answeredIn, Given, hasAnswers, inIdsOf, inWords, isMisfit, questionsIn } from './answers.js';
import type { Part, Place } from './part.js';
import { registration } from './registration.js';

const DAY_MS = 86_400_000;
/** Longest stretch of one list: https://developer.webex.com/docs/api/v1/meetings/list-meeting-registrants */
const LIST_MS = 90 * DAY_MS;
/** How long ago somebody may have registered. The vendor does not say when a meeting was planned, and every ninety days cost a request. */
const HORIZON_MS = 5 * 366 * DAY_MS;
/** Decided at once. The vendor's document names no limit. */
const AT_ONCE = 100;

const text = z.string().optional();
const Registrant = z.object({
  id: z.string(),
  status: z.enum(['approved', 'pending', 'rejected']),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  jobTitle: text,
  companyName: text,
  address1: text,
  address2: text,
  city: text,
  state: text,
  zipCode: z.union([z.number(), z.string()]).optional(),
  countryRegion: text,
  workPhone: text,
  fax: text,
  customizedQuestions: z.array(Given).default([]).transform(answeredIn),
  registrationTime: text,
  registrationId: text,
});
type Registrant = z.infer<typeof Registrant>;

/** By address, those who registered in the last `ms`; a day is added, for clocks that differ. */
async function list(client: WebexClient, { id, hostEmail, memory = none }: Place, ms: number): Promise<ReadonlyMap<string, Registrant>> {
  const found = new Map<string, Registrant>();
  const end = Date.now() + DAY_MS;
  for (let to = end; to > end - ms; to -= LIST_MS) {
    const window = { registrationTimeFrom: new Date(to - LIST_MS).toISOString(), registrationTimeTo: new Date(to).toISOString() };
    // Stretches of a later attempt end later than those of an earlier one, so between them there is no gap.
    for (const item of await memory.recall(`registrants ${id} ${(end - to) / LIST_MS}`, () => client.registrants(id, { hostEmail, ...window }))) {
      const parsed = Registrant.safeParse(item);
      if (!parsed.success) throw unreadable(parsed.error, { within: 'registrants' });
      found.set(parsed.data.email.toLowerCase(), parsed.data);
    }
  }
  return found;
}

/** Answers that are empty are none; those to the organiser's own questions are kept in words, because their ids hold in this meeting alone. */
function toItem({ id: _id, registrationTime: _at, registrationId: _own, email, customizedQuestions, ...rest }: Registrant, form: Form): Parts[string][number] {
  const given = Object.entries(rest).filter(([, answer]) => answer !== undefined && answer !== '');
  return { email: email.toLowerCase(), ...Object.fromEntries(given), ...(customizedQuestions.length > 0 ? { customizedQuestions: inWords(form, customizedQuestions) } : {}) };
}

type Form = ReturnType<typeof questionsIn>;

/** As the form of the new meeting takes them. It is asked for its ids only where somebody to be registered answered a question of its own; whose answers it has not is left to the verification. */
async function bodiesOf(client: WebexClient, { id, hostEmail }: Place, items: Parts[string]): Promise<Parts[string]> {
  const form = items.some(hasAnswers) ? questionsIn((await client.meeting(id, hostEmail)).body) : [];
  return items.flatMap((item) => {
    const customizedQuestions = inIdsOf(form, item);
    return customizedQuestions ? [{ ...item, ...(customizedQuestions.length > 0 ? { customizedQuestions } : {}) }] : [];
  });
}

/** Who registered, with their answers and whether they were let in. Each gets a link of their own from the vendor, in a mail that we do not let it send. */
export const registrants: Part = {
  name: 'registrants',
  member: registration.member,
  isOn: (shown) => registration.isOn(shown),
  async read(client, place, shown) {
    const now = Date.now();
    const back = place.since === undefined ? HORIZON_MS : now - Date.parse(place.since) + 2 * DAY_MS;
    const found = [...(await list(client, place, back)).values()];
    const oldest = Math.min(now, ...found.map(({ registrationTime = '' }) => Date.parse(registrationTime)));
    if (!Number.isNaN(oldest)) place.onOldest?.(new Date(oldest).toISOString());
    if (found.some(({ registrationId }) => registrationId)) place.onLost?.('registrationIds');
    const form = found.some(({ customizedQuestions }) => customizedQuestions.length > 0) ? questionsIn(shown) : [];
    return found.map((registrant) => toItem(registrant, form));
  },
  bodyOf: () => ({}),
  isLater: (items) => items.length > 0,
  lost: (items) => (items.length > 0 ? ['registrantLinks'] : []),
  /** Only of a meeting that was just made: whom it has registered lately. */
  async ensure(client, place, items) {
    const before = await list(client, place, LIST_MS);
    const missing = items.filter(({ email }) => !before.has(String(email)));
    const { trackingId: inserted } = await insertMissing(await bodiesOf(client, place, missing), new Set(before.keys()), {
      addressOf: ({ email }) => String(email),
      present: async () => new Set((await list(client, place, LIST_MS)).keys()),
      insert: (some) => client.addRegistrants(place.id, place.hostEmail, { items: some.map(({ status: _status, ...answers }) => ({ ...answers, sendEmail: false })) }),
    });
    let written: Written = { trackingId: inserted };
    const present = missing.length > 0 ? await list(client, place, LIST_MS) : before;
    for (const [verb, status] of [['approve', 'approved'], ['reject', 'rejected']] as const) {
      const undecided = items.flatMap((item) => (item['status'] === status ? (present.get(String(item['email'])) ?? []) : [])).filter((registrant) => registrant.status !== status);
      for (const some of chunks(undecided)) {
        const { trackingId } = await client.decideRegistrants(place.id, place.hostEmail, verb, { sendEmail: false, registrants: some.map(({ id }) => ({ id })) });
        written = { trackingId };
      }
    }
    return written;
  },
};

const chunks = <T>(all: readonly T[]): readonly (readonly T[])[] => Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE));

/** Registrants that no new form can take as they are: with answers that fit no question which it has, or waiting where everybody is let in. */
export function areUnrepeatable(parts: Parts = {}): boolean {
  const [form, registered] = [parts['registration']?.[0], parts['registrants'] ?? []];
  const waits = form?.['autoAcceptRequest'] === true && registered.some(({ status }) => status === 'pending');
  return waits || registered.some((registrant) => isMisfit(form, registrant));
}
