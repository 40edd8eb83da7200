import type { EditedThing } from '../../../domain/edits.js';
import type { KindTexts } from './texts.js';

/** Voor een organisator die verdergaat met de oude vergadering terwijl de nieuwe er al is. */
export const changed: KindTexts = {
  subject: (count) => (count === 1 ? 'Uw wijziging van een vergadering is overgenomen onder de nieuwe link' : `Uw wijzigingen van ${count} vergaderingen zijn overgenomen onder de nieuwe links`),
  intro: (count) => [
    count === 1
      ? 'U hebt een vergadering gewijzigd onder de oude link, die wij gaan verwijderen. Wij hebben de vergadering met de nieuwe link op dezelfde manier gewijzigd.'
      : `U hebt ${count} vergaderingen gewijzigd onder de oude links, die wij gaan verwijderen. Wij hebben de vergaderingen met de nieuwe links op dezelfde manier gewijzigd.`,
  ],
  sections: (count) => [
    {
      heading: 'Wat u moet doen',
      items: [
        count === 1 ? 'Controleer de nieuwe vergadering, en wijzig voortaan die: de oude wordt verwijderd op het tijdstip hierboven.' : 'Controleer de nieuwe vergaderingen, en wijzig voortaan die: de oude worden verwijderd op de tijdstippen hierboven.',
        'Laat het de genodigden weten als zij het moeten weten. De dienst stuurt hun geen bericht over de wijziging van de nieuwe vergadering.',
      ],
    },
  ],
};

export const question: KindTexts = {
  subject: (count) => (count === 1 ? 'Graag antwoord: u hebt een vergadering verwijderd; hebt u de nieuwe link nog nodig?' : `Graag antwoord: u hebt ${count} vergaderingen verwijderd; hebt u de nieuwe links nog nodig?`),
  intro: (count) => [
    count === 1
      ? 'U hebt een vergadering verwijderd onder de oude link. Zij staat nog gepland onder de nieuwe link die wij u hebben gestuurd. Daaraan verandert niets totdat u antwoordt.'
      : `U hebt ${count} vergaderingen verwijderd onder de oude links. Zij staan nog gepland onder de nieuwe links die wij u hebben gestuurd. Daaraan verandert niets totdat u antwoordt.`,
  ],
  sections: (count) => [
    {
      heading: 'Wat wij van u willen weten',
      items: [
        count === 1 ? 'Beantwoord deze mail: gaat de vergadering nog door?' : 'Beantwoord deze mail: welke van deze vergaderingen gaan nog door?',
        'Zo ja: zij blijft staan onder de nieuwe link, en u hoeft verder niets te doen.',
        'Zo nee: wij verwijderen haar ook onder de nieuwe link, zonder bericht aan de genodigden. Laat het hun zelf weten.',
      ],
    },
  ],
};

export const withdrawn: KindTexts = {
  subject: (count) => (count === 1 ? 'Een vergadering die u hebt verwijderd, is ook onder de nieuwe link verwijderd' : `${count} vergaderingen die u hebt verwijderd, zijn ook onder de nieuwe links verwijderd`),
  intro: (count) => [
    count === 1
      ? 'U hebt een vergadering verwijderd onder de oude link. Wij nemen aan dat zij niet doorgaat, en hebben haar ook onder de nieuwe link verwijderd.'
      : `U hebt ${count} vergaderingen verwijderd onder de oude links. Wij nemen aan dat zij niet doorgaan, en hebben ze ook onder de nieuwe links verwijderd.`,
  ],
  sections: () => [
    {
      heading: 'Wat u moet doen',
      items: ['Hebt u de nieuwe link doorgegeven? Laat dan weten dat de vergadering niet doorgaat: de dienst stuurt geen bericht.', 'Gaat zij toch door, plan haar dan opnieuw: terughalen kan niet.'],
    },
  ],
};

export const edited: Readonly<Record<EditedThing, string>> = {
  time: 'de tijden',
  title: 'de titel',
  agenda: 'de agenda',
  invitees: 'wie is uitgenodigd',
  occurrences: 'losse data van de reeks',
  settings: 'instellingen',
  parts: 'wat erbij is voorbereid',
  passcode: 'de toegangscode (de nieuwe vergadering houdt haar eigen)',
};
