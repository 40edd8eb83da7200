import type { Random } from '../../support/random.js';
import type { JsonObject } from '../meeting-record.js';
import type { NewInvitee, NewMeeting } from '../store.js';
import { seated, WEBINAR_TYPE } from '../webinars.js';
import { registrationForm } from './refused-kinds.js';
import { seedBreakouts, seedRegistrants } from './seed-parts.js';

type Webinar = Pick<NewMeeting, 'options' | 'invitees' | 'breakouts' | 'registrants'>;

interface Planned {
  readonly options: JsonObject;
  readonly invitees: readonly NewInvitee[];
  /** Which webinar it is. The second of each four is a series. */
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly registering: { readonly from: number; readonly to: number };
}

/** A webinar with panelists and settings of its own; the third of each four has a form and registrants, the fourth breakout sessions. */
export function seedWebinar(rng: Random, { options, invitees, index, registering }: Planned): Webinar {
  const login = index % 4 !== 2 && rng.chance(0.5);
  const own = {
    sessionTypeId: Number(WEBINAR_TYPE.id),
    enabledWebcastView: rng.chance(0.5),
    joinBeforeHostMinutes: options['enabledJoinBeforeHost'] === true ? rng.pick([0, 15, 30, 45, 60]) : 0,
    requireAttendeeLogin: login,
    restrictToInvitees: login && rng.chance(0.5),
    panelistPassword: options['panelistPassword'] ?? `P${rng.hex(8)}a7`,
    phoneAndVideoSystemPanelistPassword: String(rng.int(10_000_000, 99_999_999)),
  };
  const people = invitees.map((invitee, i) => ({ ...invitee, panelist: i < 2 || rng.chance(0.15) }));
  const whole = { options: { ...options, ...own }, invitees: people, breakouts: [], registrants: [] };
  if (index % 4 === 2) return { ...whole, options: { ...whole.options, ...registrationForm }, registrants: seedRegistrants(rng, registering) };
  if (index % 4 !== 3) return whole;
  const breakouts = seedBreakouts(rng, people.slice(0, 6));
  return { ...whole, options: { ...whole.options, enabledBreakoutSessions: true }, breakouts, invitees: seated(people, breakouts) };
}
