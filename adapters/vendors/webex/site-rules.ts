import { RelinkFailure, type FailureType } from '../../../domain/failures.js';
import type { MeetingSnapshot, SiteRules } from '../../../domain/meeting.js';
import type { WebexClient } from './client.js';
import { unreadable } from './errors.js';
import { dependsOnHost, TrackingCode } from './tracking-codes.js';

/** What a site asks is asked again after so long. Milliseconds. */
const FRESH_MS = 3_600_000;
/** Answers kept at once: one a site, and one for each host whose own values count. */
const MOST = 500;

/** The vendor does not show them to us: new meetings are asked for as they were, and read back. */
const notShown: readonly FailureType[] = ['VendorRefused', 'Forbidden', 'MeetingGone'];

interface Kept {
  readonly at: number;
  readonly answer: Promise<Answer>;
}
interface Answer {
  /** Whose values these are. */
  readonly hostEmail: string;
  readonly codes: readonly TrackingCode[] | undefined;
}

/**
 * What sites ask of new meetings. Which codes a site has and which of them it requires is the same for all of its hosts, so it is asked once a
 * site; which values they may have and which is the default is not, by the vendor's document: where that counts, it is asked once a host.
 */
export function createSiteRules(client: WebexClient): (legacy: MeetingSnapshot) => Promise<SiteRules> {
  const known = new Map<string, Kept>();
  function once(key: string, hostEmail: string, siteUrl: string): Promise<Answer> {
    const before = known.get(key);
    if (before && Date.now() - before.at < FRESH_MS) return before.answer;
    const answer = ask(client, hostEmail, siteUrl);
    known.set(key, { at: Date.now(), answer });
    answer.catch(() => known.delete(key));
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MOST))) known.delete(oldest);
    return answer;
  }
  return async (legacy) => {
    const { site, hostEmail } = legacy.identity;
    const ofSite = await once(site, hostEmail, site);
    if (!ofSite.codes) return {};
    if (!dependsOnHost(legacy, ofSite.codes)) return { trackingCodes: ofSite.codes.map((code) => ({ ...code, options: [] })) };
    const { codes } = ofSite.hostEmail === hostEmail ? ofSite : await once(`${site} ${hostEmail.toLowerCase()}`, hostEmail, site);
    return codes ? { trackingCodes: codes } : {};
  };
}

async function ask(client: WebexClient, hostEmail: string, siteUrl: string): Promise<Answer> {
  try {
    const items = await client.trackingCodes({ hostEmail, siteUrl, service: 'MeetingCenter' });
    return { hostEmail, codes: items.map(read) };
  } catch (cause: unknown) {
    if (cause instanceof RelinkFailure && notShown.includes(cause.type)) return { hostEmail, codes: undefined };
    throw cause;
  }
}

function read(item: unknown): TrackingCode {
  const parsed = TrackingCode.safeParse(item);
  if (!parsed.success) throw unreadable(parsed.error, { within: 'trackingCodes' });
  return parsed.data;
}
