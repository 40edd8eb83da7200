/** One account of the organisation. */
export interface PersonRecord {
  /** Base64 of `ciscospark://us/PEOPLE/<uuid>`. */
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Sites on which this person has a host account, the preferred one first. */
  readonly hostSites: readonly string[];
  readonly attendeeSites: readonly string[];
  readonly timezone: string;
  readonly created: number;
  readonly loginEnabled: boolean;
}

export const displayName = ({ firstName, lastName }: PersonRecord): string => `${firstName} ${lastName}`;
export const isHost = ({ hostSites }: PersonRecord): boolean => hostSites.length > 0;
