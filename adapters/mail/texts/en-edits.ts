import type { EditedThing } from '../../../domain/edits.js';
import type { KindTexts } from './texts.js';

/** Of an organiser who goes on with the old meeting while the new one is there. */
export const changed: KindTexts = {
  subject: (count) => (count === 1 ? 'Your change of a meeting was carried into its new link' : `Your changes of ${count} meetings were carried into their new links`),
  intro: (count) => [
    count === 1
      ? 'You changed a meeting under its old link, which we are going to delete. We made the same change in the meeting with the new link.'
      : `You changed ${count} meetings under their old links, which we are going to delete. We made the same changes in the meetings with the new links.`,
  ],
  sections: (count) => [
    {
      heading: 'What you need to do',
      items: [
        count === 1 ? 'Check the new meeting, and make further changes there: the old one is deleted at the time above.' : 'Check the new meetings, and make further changes there: the old ones are deleted at the times above.',
        'Tell the people you invited, if they have to know. The service sends them no message about the change of the new meeting.',
      ],
    },
  ],
};

export const question: KindTexts = {
  subject: (count) => (count === 1 ? 'Please answer: you deleted a meeting; do you still need its new link?' : `Please answer: you deleted ${count} meetings; do you still need their new links?`),
  intro: (count) => [
    count === 1
      ? 'You deleted a meeting under its old link. It is still planned under the new link that we told you of. Nothing happens to that until you answer.'
      : `You deleted ${count} meetings under their old links. They are still planned under the new links that we told you of. Nothing happens to those until you answer.`,
  ],
  sections: (count) => [
    {
      heading: 'What we need from you',
      items: [
        count === 1 ? 'Reply to this mail: is the meeting still going to be held?' : 'Reply to this mail: which of these meetings are still going to be held?',
        'If yes: it stays under its new link, and you need not do anything else.',
        'If no: we delete it under its new link too, without a message to anybody invited. Tell them yourself.',
      ],
    },
  ],
};

export const withdrawn: KindTexts = {
  subject: (count) => (count === 1 ? 'A meeting that you deleted is deleted under its new link too' : `${count} meetings that you deleted are deleted under their new links too`),
  intro: (count) => [
    count === 1
      ? 'You deleted a meeting under its old link. We take it that it is not going to be held, and have deleted it under its new link as well.'
      : `You deleted ${count} meetings under their old links. We take it that they are not going to be held, and have deleted them under their new links as well.`,
  ],
  sections: () => [
    {
      heading: 'What you need to do',
      items: ['If you passed the new link on, tell those people that the meeting is off: the service sends them no message.', 'If it is going to be held after all, plan it anew: it cannot be brought back.'],
    },
  ],
};

export const edited: Readonly<Record<EditedThing, string>> = {
  time: 'the times',
  title: 'the title',
  agenda: 'the agenda',
  invitees: 'who is invited',
  occurrences: 'single occurrences',
  settings: 'settings',
  parts: 'what is prepared with it',
  passcode: 'the passcode (the new meeting keeps its own)',
};
