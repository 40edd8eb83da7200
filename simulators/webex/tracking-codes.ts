import { z } from 'zod';
import { badRequest } from './http.js';
import type { JsonObject } from './meeting-record.js';

/** A code that an administrator has given a site, by the names of the vendor's document. */
export const SiteCode = z.strictObject({
  name: z.string().min(1).max(120),
  inputMode: z.enum(['text', 'select', 'editableSelect', 'hostProfileSelect']).default('text'),
  type: z.enum(['optional', 'required', 'adminSet', 'notUsed', 'notApplicable']).default('optional'),
  options: z.array(z.strictObject({ value: z.string().min(1).max(120), defaultValue: z.boolean().default(false) })).max(500).default([]),
});
export type SiteCode = z.infer<typeof SiteCode>;

const GivenCodes = z.array(z.object({ name: z.string().min(1).max(120), value: z.string().min(1).max(120) })).nullish();

/** What a site has while nobody says otherwise. */
const usual: readonly SiteCode[] = [{ name: 'Department', inputMode: 'text', type: 'optional', options: [] }];

/** Codes of the sites, and the values that single people were given for them. */
export class TrackingCodes {
  private readonly sites = new Map<string, readonly SiteCode[]>();
  private readonly people = new Map<string, Readonly<Record<string, string>>>();

  ofSite(site: string, codes: readonly SiteCode[]): void {
    this.sites.set(site, codes);
  }

  ofPerson(email: string, values: Readonly<Record<string, string>>): void {
    this.people.set(email.toLowerCase(), values);
  }

  /** Of a site as one host sees it: a value of their own is one more option and the default, and that of the site is none then. */
  of(site: string, email: string): readonly SiteCode[] {
    const own = this.people.get(email.toLowerCase()) ?? {};
    return (this.sites.get(site) ?? usual).map((code) => {
      const value = own[code.name];
      if (value === undefined) return code;
      const others = code.options.filter((option) => option.value !== value).map((option) => ({ ...option, defaultValue: false }));
      return { ...code, options: [...others, { value, defaultValue: true }] };
    });
  }

  shown(site: string, email: string): readonly JsonObject[] {
    return this.of(site, email).map((code, i) => ({ id: String(i + 1), siteUrl: site, service: 'MeetingCenter', ...code }));
  }

  /**
   * What a meeting has after a request that names `asked`: with the default of each optional code that is not named, and of each that an
   * administrator sets, whatever is named.
   * @throws VendorError 400
   */
  given(site: string, email: string, asked: unknown): JsonObject[] {
    const parsed = GivenCodes.safeParse(asked);
    if (!parsed.success) throw badRequest('trackingCodes: name and value cannot be empty, and have at most 120 characters.');
    const named = new Map(parsed.data?.map(({ name, value }) => [name, value]));
    const codes = this.of(site, email);
    const unknown = [...named.keys()].find((name) => !codes.some((code) => code.name === name && isScheduled(code)));
    if (unknown !== undefined) throw badRequest('A tracking code is not available on this site.');
    return codes.flatMap((code) => {
      const value = valueOf(code, named.get(code.name));
      return value === undefined ? [] : [{ name: code.name, value }];
    });
  }
}

const isScheduled = ({ inputMode, type }: SiteCode): boolean => inputMode !== 'hostProfileSelect' && type !== 'notUsed' && type !== 'notApplicable';

function valueOf(code: SiteCode, named: string | undefined): string | undefined {
  if (!isScheduled(code)) return undefined;
  const standard = code.options.find(({ defaultValue }) => defaultValue)?.value;
  if (code.type === 'adminSet') return standard;
  if (named === undefined && code.type === 'required') throw badRequest('A required tracking code is missing.');
  if (named !== undefined && code.inputMode === 'select' && !code.options.some(({ value }) => value === named)) throw badRequest('The value of a tracking code is not one of its options.');
  return named ?? standard;
}
