import { DAY, HOUR, MINUTE } from '../../support/clock.js';
import { random, type Random } from '../../support/random.js';
import { madeUpWords } from '../../support/words.js';
import type { JsonObject } from '../meeting-record.js';
import { edited } from '../options.js';
import { recurringInterval, slotsBetween, type Slot, type Timing } from '../recurrence.js';
import { joinLink, type NewException, type NewInvitee } from '../store.js';
import { guest } from './seed-details.js';
import { seedBreakouts } from './seed-parts.js';

export interface ExceptionSeed {
  readonly timing: Timing;
  readonly site: string;
  /** The list of the series. */
  readonly invitees: readonly NewInvitee[];
  /** Settings of the series. */
  readonly options: JsonObject;
  /** Which series with exceptions it is. */
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Change = Omit<NewException, 'number' | 'link'>;
type Way = (rng: Random, slot: Slot, seed: ExceptionSeed) => Change;

/** To the next day where the vendor allows it, else by two hours. */
function moved(_rng: Random, { start, end }: Slot, { timing }: ExceptionSeed): Change {
  const by = start + DAY - HOUR < recurringInterval(timing, start).to ? DAY - HOUR : 2 * HOUR;
  return { start: start + by, end: end + by };
}

const renamed: Way = (rng) => ({ title: madeUpWords(rng, 3) });
const deleted: Way = () => ({ deleted: true });
const invited: Way = (rng, _slot, { invitees }) => ({ invitees: [...invitees, guest(rng), guest(rng)] });

/** Settings of its own: one of which a policy decides, and others. */
const arranged: Way = (_rng, _slot, { options }) => ({ options: edited(options, { enabledJoinBeforeHost: true, reminderTime: 30, meetingOptions: { enabledChat: false } }) ?? options });
const divided: Way = (rng, _slot, { options, invitees }) => ({ options: { ...options, enabledBreakoutSessions: true }, breakouts: seedBreakouts(rng, invitees) });

const ways: readonly Way[] = [
  moved,
  renamed,
  (_rng, { start, end }) => ({ start, end: end + 30 * MINUTE }),
  (rng) => ({ agenda: madeUpWords(rng, 12) }),
  invited,
  (rng, slot, seed) => (seed.invitees.length === 0 ? invited(rng, slot, seed) : { invitees: seed.invitees.slice(1) }),
  deleted,
  (rng, slot, seed) => ({ ...moved(rng, slot, seed), ...renamed(rng, slot, seed), ...invited(rng, slot, seed) }),
  arranged,
  divided,
];

/**
 * Occurrences that differ from their series. The first such series has all ways, one after the other; the others have one to
 * four, some with past occurrences changed as well, or with the very next one renamed or deleted. None is moved that begins within
 * a day: it would pass the start that its rule gave it while a rehearsal runs, and no new series could hold it.
 */
export function seedExceptions(outer: Random, seed: ExceptionSeed): ReadonlyMap<number, NewException> {
  // Draws of its own: more variety here changes no other meeting.
  const rng = random('exceptions', outer.hex(16));
  const { timing, index, now } = seed;
  const [next, ...later] = slotsBetween(timing, now + HOUR, now + 430 * DAY);
  const step = index % 2 === 1 ? 2 : 1;
  const chosen = index === 0 ? ways : Array.from({ length: 1 + (index % 4) }, (_, i) => ways[(index - 1 + i) % ways.length] ?? renamed);
  const changes = chosen.flatMap((way, i): [Slot, Way][] => pair(later.filter(({ start }) => start > now + DAY)[i * step], way));
  const first = index % 3 === 1 ? pair(next, index % 2 === 0 ? renamed : deleted) : [];
  const past = index % 4 === 2 ? slotsBetween(timing, timing.start, now - DAY).slice(-2).flatMap((slot, i) => pair(slot, i === 0 ? renamed : deleted)) : [];
  return new Map([...past, ...first, ...changes].map(([slot, way]) => [slot.start, { ...handles(rng, seed.site), ...way(rng, slot, seed) }]));
}

const pair = (slot: Slot | undefined, way: Way): [Slot, Way][] => (slot ? [[slot, way]] : []);
const handles = (rng: Random, site: string): Pick<NewException, 'number' | 'link'> => ({ number: `2${rng.int(10 ** 9, 10 ** 10 - 1)}`, link: joinLink(site, rng.hex(32)) });
