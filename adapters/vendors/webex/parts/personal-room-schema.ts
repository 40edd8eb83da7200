import { z } from 'zod';

const Time = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

/** GET /meetingPreferences/personalMeetingRoom: https://developer.webex.com/docs/api/v1/meeting-preferences/get-personal-meeting-room-options. Settings are read by name. */
export const Room = z.looseObject({
  topic: z.string(),
  personalMeetingRoomLink: z.url().refine((link) => new URL(link).pathname.split('/').some(Boolean)),
  sipAddress: z.string().optional(),
  telephony: z.object({ accessCode: z.string().optional() }).optional(),
});
export type Room = z.infer<typeof Room>;

/** POST /admin/meetingPreferences/personalMeetingRoom/refreshId: https://developer.webex.com/docs/api/v1/meeting-preferences/batch-refresh-personal-meeting-room-id */
export const RefreshedRooms = z.object({ personalMeetingRoomIds: z.array(z.object({ personalMeetingRoomId: z.string().optional() })) });

/** The little of a meeting in a personal room that says when the room is needed, and how it is reached. */
export const PlannedInRoom = z.looseObject({
  start: Time,
  end: Time,
  hostEmail: z.string(),
  siteUrl: z.string(),
  webLink: z.string(),
  meetingNumber: z.string().optional(),
  scheduledType: z.string().optional(),
});
export type PlannedInRoom = z.infer<typeof PlannedInRoom>;
