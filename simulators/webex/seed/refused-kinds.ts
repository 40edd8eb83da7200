import { HOUR } from '../../support/clock.js';
import { uuid, type Random } from '../../support/random.js';
import { madeUpWords } from '../../support/words.js';
import type { Exception, JsonObject, Kind } from '../meeting-record.js';
import { slotsBetween, type Timing } from '../recurrence.js';
import { joinLink } from '../store.js';

export type RefusedKind = Exclude<Kind, 'single' | 'series' | 'external'>;

/** Kinds that cannot be replaced without loss; the first nine are in every organisation of some size. */
export const refusedKinds: readonly RefusedKind[] = [
  'registration',
  'breakouts',
  'interpretation',
  'live-stream',
  'webinar',
  'personal-room',
  'space',
  'connector',
  'exceptions',
];

const form = {
  autoAcceptRequest: false,
  requireFirstName: true,
  requireLastName: true,
  requireEmail: true,
  requireJobTitle: false,
  requireCompanyName: true,
  requireAddress1: false,
  requireAddress2: false,
  requireCity: false,
  requireState: false,
  requireZipCode: false,
  requireCountryRegion: false,
  requireWorkPhone: false,
  requireFax: false,
};

/** The settings that make a meeting one of its kind. */
export function specialOptions(rng: Random, kind: Kind): JsonObject {
  switch (kind) {
    case 'registration':
      return { registration: form, enabledJoinBeforeHost: false, enableConnectAudioBeforeHost: false, joinBeforeHostMinutes: 0 };
    case 'breakouts':
      return { enabledBreakoutSessions: true };
    case 'interpretation':
      return { simultaneousInterpretation: { enabled: true, interpreters: [{ id: rng.hex(32), languageCode1: 'en', languageCode2: 'de' }] } };
    case 'live-stream':
      return { enabledLiveStream: true, liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live', streamUrl: 'https://stream.example.org/live' } };
    case 'webinar':
      return { enabledWebcastView: false, panelistPassword: `P${rng.hex(8)}a7`, requireAttendeeLogin: false, restrictToInvitees: false };
    case 'space':
      return { roomId: Buffer.from(`ciscospark://us/ROOM/${uuid(rng)}`).toString('base64url') };
    case 'single':
    case 'series':
    case 'personal-room':
    case 'connector':
    case 'exceptions':
    case 'external':
      return {};
  }
}

const ways = ['moved', 'renamed', 'deleted'] as const;

/**
 * Occurrences to come that differ from their series. The first such series has one of each way, the others one way each.
 * Exceptions have their own number and link.
 */
export function seedExceptions(rng: Random, timing: Timing, site: string, index: number, now: number): ReadonlyMap<number, Exception> {
  const slots = slotsBetween(timing, now + HOUR, now + 400 * 24 * HOUR).slice(1, 4);
  const wanted = index === 0 ? ways : [ways[(index - 1) % ways.length] ?? 'moved'];
  return new Map(
    wanted.flatMap((way, i) => {
      const slot = slots[i];
      if (!slot) return [];
      const own = { number: `2${rng.int(10 ** 9, 10 ** 10 - 1)}`, link: joinLink(site, rng.hex(32)) };
      const changed = { moved: { start: slot.start + 2 * HOUR, end: slot.end + 2 * HOUR }, renamed: { title: madeUpWords(rng, 3) }, deleted: { deleted: true } }[way];
      return [[slot.start, { ...own, ...changed }] as const];
    }),
  );
}
