import type { KindTexts } from './texts.js';

/** `replaced`, of meetings that whoever is told has from somebody who left. */
export const inherited: KindTexts = {
  subject: (count) => (count === 1 ? 'Action needed: a meeting of somebody who left is yours now and has a new link (security repair)' : `Action needed: ${count} meetings of people who left are yours now and have new links (security repair)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'A meeting marked below as taken over was among them. Whoever had planned it has left, so you were made its host. Then we planned it again at the same time: it has a new link, a new number and a new passcode. The old link will be deleted.'
      : `${count} meetings marked below as taken over were among them. Whoever had planned them has left, so you were made their host. Then we planned them again at the same times: each has a new link, a new number and a new passcode. The old links will be deleted.`,
  ],
  sections: (count) => [
    {
      heading: count === 1 ? 'What you need to do about the meeting you have taken over' : 'What you need to do about the meetings you have taken over',
      items: [
        'You find it with your own meetings in the service. See who is invited, and ask whether it is still to be held; if not, cancel it there.',
        'Tell the people invited the new link. The invitation in their calendars came from somebody who left and still has the old one: send them a new invitation.',
        'You stay its host, even if the new link should be withdrawn. If somebody else should have it, ask the people named below.',
        'You find the new passcode with the meeting in the service. For safety it is not in this mail.',
      ],
    },
  ],
};
