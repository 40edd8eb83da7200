import type { JsonObject } from './meeting-record.js';

/** What a site gives a meeting when its organiser says nothing. */
export const siteDefaults = {
  enabledAutoRecordMeeting: false,
  allowAnyUserToBeCoHost: false,
  allowFirstUserToBeCoHost: false,
  allowAuthenticatedDevices: true,
  enabledJoinBeforeHost: false,
  enableConnectAudioBeforeHost: false,
  joinBeforeHostMinutes: 0,
  excludePassword: false,
  publicMeeting: false,
  reminderTime: 10,
  unlockedMeetingJoinSecurity: 'allowJoin',
  sessionTypeId: 3,
  enableAutomaticLock: false,
  automaticLockMinutes: 0,
  enabledAudioWatermark: false,
  enabledVisualWatermark: false,
  visualWatermarkOpacity: 10,
  enabledLiveStream: false,
  enabledBreakoutSessions: false,
  trackingCodes: [],
  meetingOptions: {
    enabledChat: true,
    enabledVideo: true,
    enabledPolling: true,
    enabledNote: true,
    noteType: 'allowAll',
    enabledFileTransfer: true,
    enabledUCFRichMedia: false,
  },
  attendeePrivileges: {
    enabledShareContent: true,
    enabledSaveDocument: false,
    enabledPrintDocument: false,
    enabledAnnotate: false,
    enabledViewParticipantList: true,
    enabledViewThumbnails: false,
    enabledRemoteControl: true,
    enabledViewAnyDocument: false,
    enabledViewAnyPage: false,
    enabledContactOperatorPrivately: false,
    enabledChatHost: true,
    enabledChatPresenter: true,
    enabledChatOtherParticipants: true,
  },
  audioConnectionOptions: {
    audioConnectionType: 'webexAudio',
    enabledTollFreeCallIn: true,
    enabledGlobalCallIn: true,
    enabledAudienceCallBack: true,
    entryAndExitTone: 'beep',
    allowHostToUnmuteParticipants: false,
    allowAttendeeToUnmuteSelf: true,
    muteAttendeeUponEntry: true,
  },
} as const satisfies JsonObject;

const nested = ['meetingOptions', 'attendeePrivileges', 'audioConnectionOptions'] as const;
const editable = [...Object.keys(siteDefaults), 'liveStream', 'enabledWebcastView', 'panelistPassword', 'requireAttendeeLogin', 'restrictToInvitees'];
const known = new Set([...editable, 'phoneAndVideoSystemPanelistPassword', 'registration', 'simultaneousInterpretation', 'roomId']);

/** What a site on the platform of the suite does not know, by the vendor's text and its warning: it gives its own instead, whatever is asked for. */
const unknownToSuite: Readonly<Record<string, readonly string[]>> = {
  meetingOptions: ['enabledPolling', 'enabledNote', 'noteType', 'enabledUCFRichMedia'],
  attendeePrivileges: Object.keys(siteDefaults.attendeePrivileges).filter((name) => !['enabledShareContent', 'enabledViewParticipantList'].includes(name)),
  audioConnectionOptions: ['audioConnectionType', 'entryAndExitTone'],
};

/** A request without what the suite does not know. */
export function asSuiteReads(asked: JsonObject): JsonObject {
  const { publicMeeting: _unknown, ...rest } = asked;
  const read = Object.entries(unknownToSuite).flatMap(([whole, names]) => (rest[whole] === undefined ? [] : [[whole, without(rest[whole] as JsonObject, names)] as const]));
  return { ...rest, ...Object.fromEntries(read) };
}

const without = (members: JsonObject, names: readonly string[]): JsonObject => Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));

/** The site's defaults with what was asked for laid over them, and over that what the site forces on everybody; what the vendor does not know is dropped. */
export const withDefaults = (asked: JsonObject, forced: JsonObject = {}): JsonObject => laidOver(laidOver(siteDefaults, pick(asked, known)), pick(forced, known));

/** A meeting's settings with those of an edit laid over them, or `undefined` when it names none. `null` clears a setting. */
export function edited(current: JsonObject, asked: JsonObject): JsonObject | undefined {
  const given = pick(asked, new Set(editable));
  return Object.keys(given).length === 0 ? undefined : laidOver(current, { ...given, ...(given['trackingCodes'] === null ? { trackingCodes: [] } : {}) });
}

const pick = (asked: JsonObject, names: ReadonlySet<string>): JsonObject => Object.fromEntries(Object.entries(asked).filter(([name, value]) => names.has(name) && value !== undefined));

function laidOver(base: JsonObject, given: JsonObject): JsonObject {
  const merged = Object.fromEntries(nested.map((name) => [name, { ...(base[name] as JsonObject), ...((given[name] ?? {}) as JsonObject) }]));
  return { ...base, ...given, ...merged };
}
