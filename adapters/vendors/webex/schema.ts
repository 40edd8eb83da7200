import { z } from 'zod';

/** GET /people: https://developer.webex.com/docs/api/v1/people/list-people */
export const Person = z.object({
  emails: z.array(z.string()).min(1),
  displayName: z.string().default(''),
  siteUrls: z.array(z.string()).default([]),
  loginEnabled: z.union([z.boolean(), z.string()]).optional(),
});
export type Person = z.infer<typeof Person>;

/** A meeting of GET /meetings and GET /meetings/{id}: https://developer.webex.com/docs/api/v1/meetings/get-a-meeting. Settings are read by name. */
export const Meeting = z.looseObject({
  id: z.string(),
  meetingSeriesId: z.string().optional(),
  meetingNumber: z.string(),
  title: z.string(),
  agenda: z.string().optional(),
  password: z.string().optional(),
  timezone: z.string(),
  start: z.string(),
  end: z.string(),
  recurrence: z.string().optional(),
  hostEmail: z.string(),
  hostDisplayName: z.string().optional(),
  siteUrl: z.string(),
  webLink: z.string(),
  sipAddress: z.string().optional(),
  scheduledType: z.string().optional(),
  roomId: z.string().optional(),
  isModified: z.boolean().optional(),
  telephony: z.object({ accessCode: z.string().optional() }).optional(),
  integrationTags: z.array(z.string()).default([]),
});
export type Meeting = z.infer<typeof Meeting>;

/** GET /meetingInvitees: https://developer.webex.com/docs/api/v1/meeting-invitees/list-meeting-invitees */
export const Invitee = z.object({ id: z.string().optional(), email: z.string(), displayName: z.string().optional(), coHost: z.boolean().default(false), panelist: z.boolean().default(false) });
export type Invitee = z.infer<typeof Invitee>;

export const Page = z.object({ items: z.array(z.unknown()) });
