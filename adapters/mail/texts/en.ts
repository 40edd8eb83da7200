import { announced, announcedRoom, objection } from './en-ahead.js';
import { changed, edited, question, withdrawn } from './en-edits.js';
import { inherited } from './en-inherited.js';
import type { KindTexts, Texts } from './texts.js';

const replaced: KindTexts = {
  subject: (count) => (count === 1 ? 'Action needed: one of your meetings has a new link (security repair)' : `Action needed: ${count} of your meetings have new links (security repair)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'One of your meetings was among them. We planned it again at the same time: it has a new link, a new number and a new passcode. The old link will be deleted.'
      : `${count} of your meetings were among them. We planned them again at the same times: each has a new link, a new number and a new passcode. The old links will be deleted.`,
  ],
  sections: (count) => [
    {
      heading: 'What you need to do',
      items: [
        'Tell the people you invited. The service sends them no invitation: put the new link in your calendar invitation in place of the old one and send the update, or forward the new link.',
        'Replace the old link wherever else you put it, such as web pages, documents and chats.',
        count === 1 ? 'Check what is listed above as not carried over, if anything, and set it again.' : 'Check what is listed with each meeting as not carried over, if anything, and set it again.',
        'What the service cannot copy stays with the old meeting: polls, questions, whiteboards, recordings and chat. Save what you need before the old link stops working.',
        'You find the new passcode with the meeting in the service. For safety it is not in this mail.',
        'Do not delete the old meeting yourself: that may send a cancellation to everybody invited. We delete it for you without a message. Only if the meeting is off, delete it: the new one is deleted too then, or we ask you first.',
      ],
    },
  ],
};

const correction: KindTexts = {
  subject: (count) => (count === 1 ? 'Correction: the old link of one of your meetings is valid again' : `Correction: the old links of ${count} of your meetings are valid again`),
  intro: (count) => [
    count === 1
      ? 'We told you that one of your meetings had a new link. That replacement was withdrawn. The old link is valid again; do not use the new one.'
      : `We told you that ${count} of your meetings had new links. Those replacements were withdrawn. The old links are valid again; do not use the new ones.`,
    'The reason for the change remains: the old link may be known to outsiders. Until you hear from us again, follow the advice on safe meetings below.',
  ],
  sections: () => [
    {
      heading: 'What you need to do',
      items: [
        'If you passed the new link on, tell those people to use the old one again.',
        'If you changed your calendar invitation, put the old link back.',
        'If you had not done anything yet, there is nothing to do.',
      ],
    },
  ],
};

const room: KindTexts = {
  subject: (count) => (count === 1 ? 'Action needed: your personal room has a new link (security repair)' : `Action needed: ${count} of your personal rooms have new links (security repair)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'The link of your personal room could be guessed. The room now has a new link and a new number; its settings are as they were. The old link no longer works.'
      : `The links of ${count} of your personal rooms could be guessed. Each room now has a new link and a new number; the settings are as they were. The old links no longer work.`,
  ],
  sections: () => [
    {
      heading: 'What you need to do about your personal room',
      items: [
        'Put the new link in the place of the old one wherever you have given it: in calendar invitations, in your mail signature, on web pages and in chats.',
        'Tell the people whom you have invited to meetings in your personal room: those meetings are now held under the new link.',
        'Do not give the room a link that can be guessed again, such as your name.',
      ],
    },
  ],
};

export const en: Texts = {
  greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  whatHappened: 'Our video conferencing service had a security flaw. It has been repaired, but meetings planned before the repair kept their old links, which may be known to outsiders.',
  untitled: '(meeting without a title)',
  labels: {
    when: 'When',
    nextOccurrence: 'Next in the series',
    newLink: 'New link',
    newNumber: 'New number',
    oldLinkDies: 'Old link stops working',
    invitees: 'Invitees',
    notCarriedOver: 'Not carried over',
    withdrawnLink: 'Withdrawn link, do not use',
    edited: 'Changed',
    withdrawnNumber: 'Withdrawn number',
    number: 'Number',
    takenOver: 'Taken over',
    linkChanges: 'Link is replaced',
  },
  notBefore: (when) => `not before ${when}`,
  noLaterThan: (when) => `no later than ${when}`,
  invitees: (count) => (count === 0 ? 'none' : `${count} carried over, not yet told`),
  takenOver: 'its host left, and it is yours now',
  oldLinkDead: 'no longer works',
  replaced,
  inherited,
  room,
  correction,
  changed,
  question,
  withdrawn,
  edited,
  announced,
  announcedRoom,
  objection,
  safety: {
    heading: 'Keeping meetings safe',
    items: [
      'Leave the lobby on, and let in only people you expect.',
      'Keep the passcode, and do not post link and passcode where everyone can read them.',
      'Plan a new meeting for each occasion; do not use your personal room again and again, because its link never changes.',
      'Lock the meeting when everybody is there, and keep confidential matters out of titles.',
    ],
  },
  closing: (contact, campaign) => [`Questions, or is something not right? Reply to this mail or write to ${contact}.`, `Reference: ${campaign}. This mail was made automatically.`],
};
