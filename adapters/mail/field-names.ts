import type { Language } from '../../domain/campaign.js';
import { oneLine } from './words.js';

/**
 * Plain words for the fields that vendors cannot carry over, by the vendors' own names.
 * A field that is missing here is still told, by its own name in separate words.
 */
const names: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  accesscode: { en: 'the access code for telephones', nl: 'de inbelcode' },
  agenda: { en: 'the agenda text', nl: 'de agendatekst' },
  agendahandles: { en: 'the old link, number and passcode in the description (they are taken out)', nl: 'de oude link, het nummer en de toegangscode in de omschrijving (die zijn eruit gehaald)' },
  attendeeprivileges: { en: 'what participants are allowed to do', nl: 'wat deelnemers mogen' },
  attendeelinks: { en: 'the personal links of attendees (they are invited again, but nobody mailed them)', nl: 'de persoonlijke links van deelnemers (zij zijn opnieuw uitgenodigd, maar niemand heeft hen gemaild)' },
  audioconnectiontype: { en: 'how people hear each other, by computer or by phone', nl: 'hoe deelnemers elkaar horen, via de computer of de telefoon' },
  audioconnectionoptions: { en: 'the audio settings', nl: 'de geluidsinstellingen' },
  automaticlockminutes: { en: 'the automatic lock', nl: 'de automatische vergrendeling' },
  breakoutsessions: { en: 'the breakout sessions', nl: 'de subgroepen' },
  cohosts: {
    en: 'the co-host role of invitees who may not host on this site any more (they are invited as guests)',
    nl: 'de rol van medehost van genodigden die op deze site niet meer mogen hosten (zij zijn als gast uitgenodigd)',
  },
  enablednote: { en: 'the settings for notes', nl: 'de instellingen voor notities' },
  enabledpolling: { en: 'whether there can be polls', nl: 'of er peilingen kunnen zijn' },
  enableducfrichmedia: { en: 'whether media files can be shared', nl: 'of mediabestanden gedeeld kunnen worden' },
  entryandexittone: { en: 'the tone at entry and exit', nl: 'de toon bij binnenkomst en vertrek' },
  hostkey: { en: 'the host key (there is a new one)', nl: 'de hostcode (er is een nieuwe)' },
  tags: { en: 'marks set by other programs', nl: 'kenmerken van andere programma’s' },
  invitationsources: { en: 'the sources of invitations, if there were any', nl: 'de bronnen van uitnodigingen, als die er waren' },
  invitees: { en: 'some invitees', nl: 'een deel van de genodigden' },
  livestream: { en: 'the live stream', nl: 'de livestream' },
  meetingoptions: { en: 'options such as chat, notes and file transfer', nl: 'opties zoals chat, notities en bestanden delen' },
  notetype: { en: 'the settings for notes', nl: 'de instellingen voor notities' },
  occurrencelinks: { en: 'the links of single changed occurrences (each has a new one of its own: look it up in the new series)', nl: 'de links van losse, gewijzigde data (elk heeft een eigen nieuwe: zoek die op in de nieuwe reeks)' },
  panelistlinks: { en: 'the personal links of panelists (they are invited again, but nobody mailed them)', nl: 'de persoonlijke links van panelleden (zij zijn opnieuw uitgenodigd, maar niemand heeft hen gemaild)' },
  panelistpassword: { en: 'the passcode for panelists (there is a new one)', nl: 'de toegangscode voor panelleden (er is een nieuwe)' },
  password: { en: 'the passcode (there is a new one)', nl: 'de toegangscode (er is een nieuwe)' },
  phonepassword: { en: 'the passcode for telephones', nl: 'de toegangscode voor telefoons' },
  polls: { en: 'the polls', nl: 'de peilingen' },
  practicesession: { en: 'a practice session, if one was held', nl: 'een oefensessie, als die er was' },
  publicmeeting: { en: 'the listing as a public meeting', nl: 'de vermelding als openbare vergadering' },
  qanda: { en: 'questions and answers', nl: 'vragen en antwoorden' },
  registerlink: { en: 'the link for registration (there is a new one)', nl: 'de link om in te schrijven (er is een nieuwe)' },
  registrantlinks: { en: 'the personal links of those who registered (they are registered again, but nobody mailed them)', nl: 'de persoonlijke links van wie zich inschreef (zij zijn opnieuw ingeschreven, maar niemand heeft hen gemaild)' },
  registration: { en: 'the registration form', nl: 'het inschrijfformulier' },
  registrationids: { en: 'the registration numbers of those who registered (they may get new ones)', nl: 'de inschrijfnummers van wie zich inschreef (zij krijgen mogelijk nieuwe)' },
  remindertime: { en: 'the reminder', nl: 'de herinnering' },
  sessiontypeid: { en: 'the type of session', nl: 'het soort sessie' },
  simultaneousinterpretation: { en: 'the interpreters', nl: 'de tolken' },
  survey: { en: 'the survey, if there was one', nl: 'de enquête, als die er was' },
  trackingcodes: { en: 'the tracking codes', nl: 'de registratiecodes' },
};

/** Told together: an organiser finds them in one place. */
const privileges: readonly string[] = [
  'savedocument', 'printdocument', 'annotate', 'viewthumbnails', 'remotecontrol', 'viewanydocument', 'viewanypage', 'contactoperatorprivately', 'chathost', 'chatpresenter', 'chatotherparticipants',
].map((privilege) => `enabled${privilege}`);

/** A tracking code has the name that the site's administrator gave it. */
const codeName: Readonly<Record<Language, (name: string) => string>> = { en: (name) => `the tracking code “${name}” as it was`, nl: (name) => `de registratiecode “${name}” zoals die was` };

/** What only single occurrences of a series have so. */
const ofOccurrences: Readonly<Record<Language, string>> = { en: 'in single changed occurrences', nl: 'op losse, gewijzigde data' };

/** `options.trackingCodes` → `the tracking codes`; `visualWatermarkOpacity` → `visual watermark opacity`. */
export function fieldName(language: Language, field: string): string {
  const [, setting] = /^changes\.(.+)$/s.exec(field) ?? [];
  if (setting !== undefined) return `${fieldName(language, setting)}, ${ofOccurrences[language]}`;
  const [, code] = /(?:^|\.)trackingCodes\.(.+)$/s.exec(field) ?? [];
  if (code !== undefined) return codeName[language](oneLine(code));
  const own = field.slice(field.lastIndexOf('.') + 1);
  const key = privileges.includes(own.toLowerCase()) ? 'attendeeprivileges' : own.toLowerCase();
  return Object.hasOwn(names, key) ? (names[key]?.[language] ?? own) : own.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}
