import { z } from 'zod';
import type { MeetingSnapshot, ReplacementPolicy } from '../../../domain/meeting.js';

type Settings = Readonly<Record<string, unknown>>;
type Audio = Pick<ReplacementPolicy, 'entryTone' | 'audio'>;

const AUDIO = 'audioConnectionOptions';
const types = { 'computer-and-phone': 'webexAudio', 'computer-only': 'VoIP' } as const;
const tones = { beep: 'beep', 'announce-name': 'announceName', none: 'noTone' } as const;

/** What says something about telephones alone: what the vendor makes of it where nobody comes in by one, its document does not say. */
const ofPhones: readonly string[] = ['enabledTollFreeCallIn', 'enabledGlobalCallIn', 'enabledAudienceCallBack', 'entryAndExitTone'];

const Members = z.record(z.string(), z.unknown()).catch({});

/** Settings that the policy of a campaign asks for, whatever the old meeting has: https://developer.webex.com/docs/api/v1/meetings/create-a-meeting */
export function askedFor({ options }: Pick<MeetingSnapshot, 'options'>, policy: ReplacementPolicy): Settings {
  const { joinBeforeHost, lobby, publicListing, automaticLock } = policy;
  return {
    ...(joinBeforeHost ? {} : { enabledJoinBeforeHost: false, enableConnectAudioBeforeHost: false }),
    ...(lobby === 'required' && options['unlockedMeetingJoinSecurity'] !== 'blockFromJoin' ? { unlockedMeetingJoinSecurity: 'allowJoinWithLobby' } : {}),
    ...(publicListing === 'never' ? { publicMeeting: false } : {}),
    ...(typeof automaticLock === 'number' ? { enableAutomaticLock: true, automaticLockMinutes: automaticLock } : {}),
    ...(isAudioAsked(policy) ? { [AUDIO]: audioOf(options[AUDIO], policy) } : {}),
  };
}

/** Settings beside whose members the vendor may show others. */
export const openUnder = (policy: ReplacementPolicy): readonly string[] => ['trackingCodes', ...(isAudioAsked(policy) ? [AUDIO] : [])];

const isAudioAsked = ({ entryTone = 'as-before', audio = 'as-before' }: Audio): boolean => entryTone !== 'as-before' || audio !== 'as-before';

function audioOf(shown: unknown, { entryTone = 'as-before', audio = 'as-before' }: Audio): Settings {
  const own = Object.entries(Members.parse(shown)).filter(([name]) => audio !== 'computer-only' || !ofPhones.includes(name));
  return {
    ...Object.fromEntries(own),
    ...(audio === 'as-before' ? {} : { audioConnectionType: types[audio] }),
    ...(entryTone === 'as-before' ? {} : { entryAndExitTone: tones[entryTone] }),
  };
}
