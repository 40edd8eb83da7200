import type { KindTexts, Section } from './texts.js';

/** What organisers are told before anything happens. */
export const announced: KindTexts = {
  subject: (count) => (count === 1 ? 'Aankondiging: een van uw vergaderingen krijgt een nieuwe link (beveiliging)' : `Aankondiging: ${count} van uw vergaderingen krijgen nieuwe links (beveiliging)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'Een van uw vergaderingen hoort daarbij. Wij gaan die opnieuw plannen op hetzelfde tijdstip, met een nieuwe link, een nieuw nummer en een nieuwe toegangscode. Er is nog niets mee gebeurd, en vóór het tijdstip hieronder gebeurt er niets.'
      : `${count} van uw vergaderingen horen daarbij. Wij gaan ze opnieuw plannen op dezelfde tijdstippen, elk met een nieuwe link, een nieuw nummer en een nieuwe toegangscode. Er is nog niets mee gebeurd, en vóór het tijdstip hieronder gebeurt er niets.`,
  ],
  sections: (count) => [
    {
      heading: 'Wat er gaat gebeuren',
      items: [
        count === 1 ? 'Vanaf dat tijdstip wordt de vergadering opnieuw gepland. U krijgt dan een tweede mail, met de nieuwe link en met wat u moet doen.' : 'Vanaf dat tijdstip worden de vergaderingen opnieuw gepland, de een na de ander. U krijgt dan een tweede mail, met de nieuwe links en met wat u moet doen.',
        'Totdat u die mail hebt, blijft de oude link geldig en hoeft u niets te doen. Daarin staat ook wanneer de oude link vervalt.',
        'Een vergadering die naar een eerder tijdstip wordt verzet, kan eerder opnieuw worden gepland, zodat die niet onder de oude link wordt gehouden; u hoort het dan meteen.',
      ],
    },
  ],
};

export const announcedRoom: KindTexts = {
  subject: (count) => (count === 1 ? 'Aankondiging: uw persoonlijke ruimte krijgt een nieuwe link (beveiliging)' : `Aankondiging: ${count} van uw persoonlijke ruimtes krijgen nieuwe links (beveiliging)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'De link van uw persoonlijke ruimte is te raden. Wij gaan de ruimte een nieuwe link en een nieuw nummer geven; de instellingen blijven gelijk. Vóór het tijdstip hieronder gebeurt er niets.'
      : `De links van ${count} van uw persoonlijke ruimtes zijn te raden. Wij gaan elke ruimte een nieuwe link en een nieuw nummer geven; de instellingen blijven gelijk. Vóór het tijdstip hieronder gebeurt er niets.`,
  ],
  sections: () => [
    {
      heading: 'Wat er met uw persoonlijke ruimte gaat gebeuren',
      items: [
        'De oude link van de ruimte vervalt op het moment waarop die de nieuwe krijgt. U krijgt dan meteen een tweede mail, met de nieuwe link.',
        'Bedenk nu al waar u de link hebt gegeven: in agenda-uitnodigingen, in uw mailhandtekening, op webpagina’s en in chats.',
      ],
    },
  ],
};

export const objection = (contact: string): Section => ({
  heading: 'Als dit u niet uitkomt',
  items: [
    `Beantwoord deze mail of schrijf naar ${contact} vóór het tijdstip hierboven. Zeg om welke vergadering het gaat, en waarom en tot wanneer die met rust moet worden gelaten.`,
    'Zonder antwoord gebeurt het zoals hier staat. Een vergadering die met rust wordt gelaten, houdt een link die bij buitenstaanders bekend kan zijn.',
  ],
});
