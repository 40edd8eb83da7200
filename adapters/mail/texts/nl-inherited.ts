import type { KindTexts } from './texts.js';

/** `replaced`, van vergaderingen van iemand die weg is. */
export const inherited: KindTexts = {
  subject: (count) => (count === 1 ? 'Actie nodig: een vergadering van iemand die weg is, is nu van u en heeft een nieuwe link (beveiliging)' : `Actie nodig: ${count} vergaderingen van mensen die weg zijn, zijn nu van u en hebben nieuwe links (beveiliging)`),
  intro: (count, whatHappened) => [
    whatHappened,
    count === 1
      ? 'Een vergadering die hieronder als overgenomen staat, hoorde daarbij. Wie die had gepland, werkt hier niet meer; daarom bent u nu de organisator. Daarna hebben wij die opnieuw gepland op hetzelfde tijdstip: er is een nieuwe link, een nieuw nummer en een nieuwe toegangscode. De oude link wordt verwijderd.'
      : `${count} vergaderingen die hieronder als overgenomen staan, hoorden daarbij. Wie ze had gepland, werkt hier niet meer; daarom bent u nu de organisator. Daarna hebben wij ze opnieuw gepland op dezelfde tijdstippen: elk heeft een nieuwe link, een nieuw nummer en een nieuwe toegangscode. De oude links worden verwijderd.`,
  ],
  sections: (count) => [
    {
      heading: count === 1 ? 'Wat u moet doen voor de vergadering die u hebt overgenomen' : 'Wat u moet doen voor de vergaderingen die u hebt overgenomen',
      items: [
        'U vindt die bij uw eigen vergaderingen in de dienst. Kijk wie er is uitgenodigd en vraag of de vergadering nog doorgaat; zo niet, zeg die daar dan af.',
        'Geef de genodigden de nieuwe link. De uitnodiging in hun agenda kwam van iemand die weg is en bevat nog de oude: stuur hun een nieuwe uitnodiging.',
        'U blijft de organisator, ook als de nieuwe link zou worden ingetrokken. Hoort de vergadering bij iemand anders, vraag het dan aan het adres hieronder.',
        'De nieuwe toegangscode vindt u bij de vergadering in de dienst. Voor de veiligheid staat die niet in deze mail.',
      ],
    },
  ],
};
