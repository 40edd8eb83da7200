import type { KindTexts, Section } from './texts.js';

/** What organisers are told before anything happens. */
export const announced: KindTexts = {
  subject: (count) => (count === 1 ? 'Announcement: one of your meetings is going to get a new link (security repair)' : `Announcement: ${count} of your meetings are going to get new links (security repair)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'One of your meetings is among them. We are going to plan it again at the same time, with a new link, a new number and a new passcode. Nothing has happened to it yet, and nothing happens before the time below.'
      : `${count} of your meetings are among them. We are going to plan them again at the same times, each with a new link, a new number and a new passcode. Nothing has happened to them yet, and nothing happens before the time below.`,
  ],
  sections: (count) => [
    {
      heading: 'What is going to happen',
      items: [
        count === 1 ? 'From that time on the meeting is planned again. You then get a second mail, with the new link and with what you need to do.' : 'From that time on the meetings are planned again, one after the other. You then get a second mail, with the new links and with what you need to do.',
        'Until you have that mail the old link stays valid, and there is nothing to do. It also says when the old link stops working.',
        'A meeting that is moved to an earlier time may be planned again sooner, so that it is not held under its old link; you are told at once.',
      ],
    },
  ],
};

export const announcedRoom: KindTexts = {
  subject: (count) => (count === 1 ? 'Announcement: your personal room is going to get a new link (security repair)' : `Announcement: ${count} of your personal rooms are going to get new links (security repair)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'The link of your personal room can be guessed. We are going to give the room a new link and a new number; its settings stay as they are. Nothing happens before the time below.'
      : `The links of ${count} of your personal rooms can be guessed. We are going to give each room a new link and a new number; the settings stay as they are. Nothing happens before the time below.`,
  ],
  sections: () => [
    {
      heading: 'What is going to happen to your personal room',
      items: [
        'The old link of the room stops working at the moment when it gets the new one. You then get a second mail with the new link, at once.',
        'Think now of where you have given the link: calendar invitations, your mail signature, web pages and chats.',
      ],
    },
  ],
};

export const objection = (contact: string): Section => ({
  heading: 'If this does not suit you',
  items: [
    `Reply to this mail or write to ${contact} before the time above. Say which meeting it is, and why and until when it is to be left alone.`,
    'Without an answer it happens as written here. A meeting that is left alone keeps a link that may be known to outsiders.',
  ],
});
