import { z } from 'zod';
import { isZone } from './recurrence.js';

/** What cannot be read as a time or a zone would only fail later, without the name of the field. */
const Time = z.string().refine((text) => !Number.isNaN(Date.parse(text)));
const Zone = z.string().refine(isZone);

/** GET /people: https://developer.webex.com/docs/api/v1/people/list-people */
export const Person = z.object({
  emails: z.array(z.string()).min(1),
  displayName: z.string().catch(''),
  /** Sites where this person hosts, and those with `#attendee` where they may only attend. Some answers leave it out. */
  siteUrls: z.array(z.string()).optional().catch(undefined),
  /** In which this person plans, when they have set one. */
  timezone: Zone.optional().catch(undefined),
  loginEnabled: z.union([z.boolean(), z.string()]).optional().catch(undefined),
});
export type Person = z.infer<typeof Person>;

/** A meeting of GET /meetings and GET /meetings/{id}: https://developer.webex.com/docs/api/v1/meetings/get-a-meeting. Settings are read by name. */
export const Meeting = z.looseObject({
  id: z.string(),
  meetingNumber: z.string(),
  title: z.string(),
  agenda: z.string().optional(),
  password: z.string().optional(),
  phoneAndVideoSystemPassword: z.string().optional(),
  panelistPassword: z.string().optional(),
  phoneAndVideoSystemPanelistPassword: z.string().optional(),
  /** Of `start` and `end`, not always that in which it was planned: see zones.ts. */
  timezone: Zone,
  start: Time,
  end: Time,
  recurrence: z.string().optional(),
  meetingSeriesId: z.string().optional(),
  hostEmail: z.string(),
  hostDisplayName: z.string().optional(),
  siteUrl: z.string(),
  webLink: z.string(),
  sipAddress: z.string().optional(),
  scheduledType: z.string().optional(),
  roomId: z.string().optional(),
  registerLink: z.string().optional().catch(undefined),
  telephony: z.object({ accessCode: z.string().optional(), callInNumbers: z.array(z.object({ callInNumber: z.string() })).optional().catch(undefined) }).optional(),
  integrationTags: z.array(z.string()).default([]),
});
export type Meeting = z.infer<typeof Meeting>;

/** Where a meeting streams to, as far as a creation must name it: POST /meetings takes what GET /meetings/{meetingId} shows, by the same schema (LiveStreamObject). */
export const LiveStream = z.looseObject({ destination: z.string(), rtmpUrl: z.string().min(1), streamUrl: z.string() });

/** One occurrence of a series, in a list with `meetingType=scheduledMeeting` or by its own id. Settings are read by name. */
export const Occurrence = z.looseObject({
  id: z.string().optional(),
  meetingType: z.string().optional(),
  meetingSeriesId: z.string().optional(),
  meetingNumber: z.string().optional(),
  webLink: z.string().optional().catch(undefined),
  sipAddress: z.string().optional().catch(undefined),
  title: z.string().optional(),
  agenda: z.string().optional(),
  start: Time,
  end: Time,
  isModified: z.boolean().optional(),
});
export type Occurrence = z.infer<typeof Occurrence>;

/** What tells an occurrence from its series, of GET /admin/meetings: https://developer.webex.com/docs/api/v1/meetings/list-meetings-by-an-admin */
export const AdminMeeting = z.looseObject({ meetingType: z.string().optional(), meetingSeriesId: z.string().optional() });

/** Whose it is, of GET /admin/meetings/{id}: https://developer.webex.com/docs/api/v1/meetings/get-a-meeting-by-an-admin */
export const Owned = z.looseObject({ hostEmail: z.string() });

/** 207 of POST /meetings/reassignHost; some servers leave out what went well. */
export const MultiStatus = z.object({ items: z.array(z.object({ meetingId: z.string(), httpStatus: z.union([z.string(), z.number()]) })) });

/** The little of a meeting that is needed to find it again or to delete it. */
export const Tagged = z.looseObject({ id: z.string(), hostEmail: z.string().optional().catch(undefined), siteUrl: z.string().optional().catch(undefined), integrationTags: z.array(z.string()).default([]) });

/** How a meeting is reached, as a list shows it. */
export const Handles = z.looseObject({ id: z.string(), meetingNumber: z.string().catch(''), webLink: z.string().catch('') });

/** GET /meetingInvitees: https://developer.webex.com/docs/api/v1/meeting-invitees/list-meeting-invitees */
export const Invitee = z.object({ id: z.string().optional(), email: z.string(), displayName: z.string().optional(), coHost: z.boolean().default(false), panelist: z.boolean().default(false) });
export type Invitee = z.infer<typeof Invitee>;

/** GET /meetings/sessionTypes: https://developer.webex.com/docs/api/v1/meetings/list-meeting-session-types. A meeting shows the id as a number. */
export const SessionType = z.object({ id: z.union([z.string(), z.number()]).transform(String), type: z.string().optional() });

export const Page = z.object({ items: z.array(z.unknown()) });
