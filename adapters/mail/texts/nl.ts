import { announced, announcedRoom, objection } from './nl-ahead.js';
import { changed, edited, question, withdrawn } from './nl-edits.js';
import { inherited } from './nl-inherited.js';
import type { KindTexts, Texts } from './texts.js';

const replaced: KindTexts = {
  subject: (count) => (count === 1 ? 'Actie nodig: een van uw vergaderingen heeft een nieuwe link (beveiliging)' : `Actie nodig: ${count} van uw vergaderingen hebben nieuwe links (beveiliging)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'Een van uw vergaderingen hoorde daarbij. Wij hebben die opnieuw gepland op hetzelfde tijdstip: er is een nieuwe link, een nieuw nummer en een nieuwe toegangscode. De oude link wordt verwijderd.'
      : `${count} van uw vergaderingen hoorden daarbij. Wij hebben ze opnieuw gepland op dezelfde tijdstippen: elk heeft een nieuwe link, een nieuw nummer en een nieuwe toegangscode. De oude links worden verwijderd.`,
  ],
  sections: (count) => [
    {
      heading: 'Wat u moet doen',
      items: [
        'Laat het de genodigden weten. De dienst stuurt hun geen uitnodiging: zet de nieuwe link in uw agenda-uitnodiging in plaats van de oude en verstuur de wijziging, of stuur de nieuwe link door.',
        'Vervang de oude link overal waar u die verder hebt gezet, zoals op webpagina’s, in documenten en in chats.',
        count === 1 ? 'Controleer wat hierboven eventueel als niet overgenomen staat, en stel dat opnieuw in.' : 'Controleer wat bij elke vergadering eventueel als niet overgenomen staat, en stel dat opnieuw in.',
        'Wat de dienst niet kan overnemen, blijft bij de oude vergadering: peilingen, vragen, whiteboards, opnames en chat. Bewaar wat u nodig hebt voordat de oude link vervalt.',
        'De nieuwe toegangscode vindt u bij de vergadering in de dienst. Voor de veiligheid staat die niet in deze mail.',
        'Verwijder de oude vergadering niet zelf: dan kunnen alle genodigden een afzegging krijgen. Wij verwijderen die voor u, zonder bericht. Alleen als de vergadering niet doorgaat, verwijdert u die: de nieuwe wordt dan ook verwijderd, of wij vragen het u eerst.',
      ],
    },
  ],
};

const correction: KindTexts = {
  subject: (count) => (count === 1 ? 'Correctie: de oude link van een van uw vergaderingen geldt weer' : `Correctie: de oude links van ${count} van uw vergaderingen gelden weer`),
  intro: (count) => [
    count === 1
      ? 'Wij schreven u dat een van uw vergaderingen een nieuwe link had. Die vervanging is ingetrokken. De oude link geldt weer; gebruik de nieuwe niet.'
      : `Wij schreven u dat ${count} van uw vergaderingen nieuwe links hadden. Die vervangingen zijn ingetrokken. De oude links gelden weer; gebruik de nieuwe niet.`,
    'De reden voor de wijziging blijft bestaan: de oude link kan bij buitenstaanders bekend zijn. Volg tot nader bericht het advies over veilig vergaderen hieronder.',
  ],
  sections: () => [
    {
      heading: 'Wat u moet doen',
      items: [
        'Hebt u de nieuwe link doorgegeven? Laat dan weten dat de oude weer geldt.',
        'Hebt u uw agenda-uitnodiging gewijzigd? Zet dan de oude link terug.',
        'Had u nog niets gedaan, dan hoeft u niets te doen.',
      ],
    },
  ],
};

const room: KindTexts = {
  subject: (count) => (count === 1 ? 'Actie nodig: uw persoonlijke ruimte heeft een nieuwe link (beveiliging)' : `Actie nodig: ${count} van uw persoonlijke ruimtes hebben nieuwe links (beveiliging)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'De link van uw persoonlijke ruimte was te raden. De ruimte heeft nu een nieuwe link en een nieuw nummer; de instellingen zijn gelijk gebleven. De oude link werkt niet meer.'
      : `De links van ${count} van uw persoonlijke ruimtes waren te raden. Elke ruimte heeft nu een nieuwe link en een nieuw nummer; de instellingen zijn gelijk gebleven. De oude links werken niet meer.`,
  ],
  sections: () => [
    {
      heading: 'Wat u moet doen voor uw persoonlijke ruimte',
      items: [
        'Zet de nieuwe link in de plaats van de oude, overal waar u die hebt gegeven: in agenda-uitnodigingen, in uw mailhandtekening, op webpagina’s en in chats.',
        'Laat het weten aan de mensen die u voor vergaderingen in uw persoonlijke ruimte hebt uitgenodigd: die vinden nu onder de nieuwe link plaats.',
        'Geef de ruimte niet opnieuw een link die te raden is, zoals uw naam.',
      ],
    },
  ],
};

export const nl: Texts = {
  greeting: (name) => (name === '' ? 'Beste lezer,' : `Beste ${name},`),
  whatHappened: 'Onze videovergaderdienst had een beveiligingsfout. Die is hersteld, maar vergaderingen die vóór het herstel zijn gepland, hielden hun oude link, die bij buitenstaanders bekend kan zijn.',
  untitled: '(vergadering zonder titel)',
  labels: {
    when: 'Wanneer',
    nextOccurrence: 'Eerstvolgende in de reeks',
    newLink: 'Nieuwe link',
    newNumber: 'Nieuw nummer',
    oldLinkDies: 'Oude link vervalt',
    invitees: 'Genodigden',
    notCarriedOver: 'Niet overgenomen',
    withdrawnLink: 'Ingetrokken link, niet gebruiken',
    edited: 'Gewijzigd',
    withdrawnNumber: 'Ingetrokken nummer',
    number: 'Nummer',
    takenOver: 'Overgenomen',
    linkChanges: 'Link wordt vervangen',
  },
  notBefore: (when) => `niet vóór ${when}`,
  noLaterThan: (when) => `uiterlijk ${when}`,
  invitees: (count) => (count === 0 ? 'geen' : `${count} overgenomen, nog niet ingelicht`),
  takenOver: 'de organisator is weg, en de vergadering is nu van u',
  oldLinkDead: 'werkt niet meer',
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
    heading: 'Veilig vergaderen',
    items: [
      'Laat de wachtruimte (lobby) aan, en laat alleen mensen toe die u verwacht.',
      'Houd de toegangscode, en zet link en code niet waar iedereen ze kan lezen.',
      'Plan voor elke gelegenheid een nieuwe vergadering; gebruik niet steeds uw persoonlijke ruimte, want die link verandert nooit.',
      'Vergrendel de vergadering als iedereen er is, en zet niets vertrouwelijks in titels.',
    ],
  },
  closing: (contact, campaign) => [`Vragen, of klopt er iets niet? Beantwoord deze mail of schrijf naar ${contact}.`, `Kenmerk: ${campaign}. Deze mail is automatisch gemaakt.`],
};
