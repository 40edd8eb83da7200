import { uuid, type Random } from '../../support/random.js';
import type { JsonObject, Kind } from '../meeting-record.js';

export type RefusedKind = Exclude<Kind, 'single' | 'series' | 'room' | 'departed' | 'external'>;

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

/** With a form nobody joins before the host. */
export const registrationForm = { registration: form, enabledJoinBeforeHost: false, enableConnectAudioBeforeHost: false, joinBeforeHostMinutes: 0 };

/** The settings that make a meeting one of its kind. */
export function specialOptions(rng: Random, kind: Kind): JsonObject {
  switch (kind) {
    case 'registration':
      return registrationForm;
    case 'breakouts':
      return { enabledBreakoutSessions: true };
    case 'interpretation':
      return { simultaneousInterpretation: { enabled: true, interpreters: [{ id: rng.hex(32), languageCode1: 'en', languageCode2: 'de' }] } };
    case 'live-stream':
      return { enabledLiveStream: true, liveStream: { destination: 'Example', rtmpUrl: 'rtmps://stream.example.org:1935/live', streamUrl: 'https://stream.example.org/live' } };
    case 'webinar':
      return { panelistPassword: `P${rng.hex(8)}a7` };
    case 'space':
      return { roomId: Buffer.from(`ciscospark://us/ROOM/${uuid(rng)}`).toString('base64url') };
    case 'single':
    case 'series':
    case 'personal-room':
    case 'room':
    case 'connector':
    case 'exceptions':
    case 'departed':
    case 'external':
      return {};
  }
}
