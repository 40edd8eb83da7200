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
const more = ['registration', 'liveStream', 'simultaneousInterpretation', 'enabledWebcastView', 'panelistPassword', 'requireAttendeeLogin', 'restrictToInvitees', 'roomId'];
const known = new Set([...Object.keys(siteDefaults), ...more]);

/** The site's defaults with what was asked for laid over them; what the vendor does not know is dropped. */
export function withDefaults(asked: JsonObject): JsonObject {
  const given = Object.fromEntries(Object.entries(asked).filter(([name, value]) => known.has(name) && value !== undefined));
  const merged = Object.fromEntries(nested.map((name) => [name, { ...siteDefaults[name], ...((given[name] ?? {}) as JsonObject) }]));
  return { ...siteDefaults, ...given, ...merged };
}
