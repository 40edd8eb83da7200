import { z } from 'zod';
import type { Parts } from '../../../../domain/meeting.js';
import { keyOfPart } from '../../../../domain/parts.js';
import type { Written } from '../../../../domain/ports.js';
import type { WebexClient } from '../client.js';
import { unreadable } from '../errors.js';
import type { Part, Place } from './part.js';

/** GET /meetings/{meetingId}/interpreters: https://developer.webex.com/docs/api/v1/meetings/list-meeting-interpreters. Nobody has a place without an address yet. */
const Interpreter = z.object({ languageCode1: z.string(), languageCode2: z.string(), email: z.string().optional(), displayName: z.string().optional() });
/** As GET /meetings/{meetingId} shows it. */
const Interpretation = z.object({ enabled: z.boolean().default(false), interpreters: z.array(z.unknown()).optional() });

const name = 'simultaneousInterpretation';
const shownIn = (shown: Readonly<Record<string, unknown>>): z.infer<typeof Interpretation> => Interpretation.catch({ enabled: true }).parse(shown[name] ?? {});

function toItem(item: unknown): Parts[string][number] {
  const parsed = Interpreter.safeParse(item);
  if (!parsed.success) throw unreadable(parsed.error, { within: name });
  const { email, displayName, ...channel } = parsed.data;
  return { ...channel, ...(email === undefined ? {} : { email: email.toLowerCase() }), ...(displayName === undefined ? {} : { displayName }) };
}

const list = async (client: WebexClient, { id, hostEmail }: Place): Promise<Parts[string]> => (await client.interpreters(id, hostEmail)).map(toItem);

/** Interpreters on channels between two languages. The vendor's document says that a meeting shows them itself. */
export const simultaneousInterpretation: Part = {
  name,
  member: name,
  isOn: (shown) => shownIn(shown).enabled,
  async read(client, place, shown) {
    const { interpreters } = shownIn(shown);
    return interpreters ? interpreters.map(toItem) : list(client, place);
  },
  bodyOf: (items) => ({ [name]: { enabled: true, ...(items.length > 0 ? { interpreters: items } : {}) } }),
  /** The update of the whole takes no host and cannot be silent, by the vendor's document, so who is missing is added one by one. */
  async ensure(client, place, items) {
    let written: Written = {};
    for (const { languageCode1, languageCode2, email, displayName } of missing(items, await list(client, place))) {
      const { trackingId } = await client.addInterpreter(place.id, { languageCode1, languageCode2, email, displayName, hostEmail: place.hostEmail, sendEmail: false });
      written = { trackingId };
    }
    return written;
  },
};

/** A channel may have several places that nobody has yet: each must be there as often as wanted. */
function missing(wanted: Parts[string], present: Parts[string]): Parts[string] {
  const left = present.map((item) => keyOfPart([item]));
  return wanted.filter((item) => {
    const at = left.indexOf(keyOfPart([item]));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Interpreters of a meeting that has interpretation switched off: no creation can repeat that. */
export function hasIdleInterpreters(shown: Readonly<Record<string, unknown>>): boolean {
  const { enabled, interpreters = [] } = shownIn(shown);
  return !enabled && interpreters.length > 0;
}
