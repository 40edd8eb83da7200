import { MailFaults } from './smtp/mail-faults.js';
import { Mailbox } from './smtp/mailbox.js';
import { startMailServer } from './smtp/server.js';
import { startClock } from './support/clock.js';
import { random } from './support/random.js';
import { Faults, type FaultProfile } from './webex/faults.js';
import { Limits, vendorLimits } from './webex/limits.js';
import { alwaysSupported, type Kind } from './webex/meeting-record.js';
import { seedOrganisation } from './webex/seed/seed-organisation.js';
import type { ShapedOrganisation } from './webex/seed/shape-file.js';
import { startVendorServer } from './webex/server.js';
import { ACCESS_LIFE, Tokens, type App } from './webex/tokens.js';

export interface SimulatorOptions {
  /** 0 (default) takes a free one. */
  readonly port?: number;
  readonly smtpPort?: number;
  /** Meetings as an inventory of the vendor counts them. Default 150. */
  readonly meetings?: number;
  /** People who may host. Default 30. */
  readonly hosts?: number;
  /** Default 1. The same seed and `now` give the same organisation. */
  readonly seed?: number;
  /** ISO instant that the simulators' clock shows at the start; default the real time. */
  readonly now?: string;
  /** ISO instant around which meetings are created. Default 2024-05-28T00:00:00Z. */
  readonly cutoff?: string;
  /** How many simulated minutes of limits, waits and lags pass in a real one. Default 1. */
  readonly scale?: number;
  /** Default `none`. */
  readonly faults?: FaultProfile;
  /** Requests per identity and simulated minute. Default 300. */
  readonly rpm?: number;
  /** Creations per identity and simulated 24 hours. Default 3000. */
  readonly createsIdentity?: number;
  /** Creations per host and simulated 24 hours. Default 800. */
  readonly createsHost?: number;
  /** Longest time until a new meeting shows in lists, in simulated seconds. Default by fault profile: 0, 10, 60. */
  readonly listLag?: number;
  /** Longest time until a personal room shows its new id, in simulated seconds. Default 1800. */
  readonly roomLag?: number;
  /** How many identities have a token. Default 1. */
  readonly identities?: number;
  /** Whether a refresh token is good for one use only. Default no. */
  readonly rotateRefresh?: boolean;
  /** Life of an access token that was renewed, in simulated seconds. Default 14 days. */
  readonly tokenLife?: number;
  /** Kinds that a campaign is held to replace, beside `single`, `series` and `exceptions`. With `exceptions` many more series have some. Default none. */
  readonly supports?: readonly Kind[];
  /** `all`: many meetings of each kind, and many series with exceptions. Default `usual`. */
  readonly kinds?: KindsProfile;
  /** What the organisation is to look like, instead of a mix of so many meetings. */
  readonly shape?: ShapedOrganisation;
}

export const kindsProfiles = ['usual', 'all'] as const;
export type KindsProfile = (typeof kindsProfiles)[number];

export interface Simulators {
  readonly webex: { readonly url: string; readonly token: string; readonly tokens: readonly string[] };
  readonly smtp: { readonly url: string };
  /** For identities that renew their tokens. */
  readonly app: App;
  /** Base of the control API, without a slash at its end. */
  readonly control: string;
  stop(): Promise<void>;
}

/** Starts a vendor and a mail server as real servers on the loopback. */
export async function startSimulators(options: SimulatorOptions = {}): Promise<Simulators> {
  const { seed = 1, scale = 1, faults: profile = 'none' } = options;
  const now = options.now === undefined ? Date.now() : Date.parse(options.now);
  const clock = startClock({ scale, now });
  const cutoff = Date.parse(options.cutoff ?? '2024-05-28T00:00:00Z');
  const supports = new Set<Kind>([...alwaysSupported, ...(options.supports ?? [])]);
  const all = options.kinds === 'all';
  const size = { meetings: options.meetings ?? 150, hosts: options.hosts ?? 30 };
  const organisation = seedOrganisation(clock, { ...size, shape: options.shape, roomLag: options.roomLag, seed, now, cutoff, manyExceptions: all || options.supports?.includes('exceptions') === true, manySpecial: all });
  const mailbox = new Mailbox();
  const mailFaults = new MailFaults(seed, profile);
  const faults = new Faults(clock, seed, profile, options.listLag);
  const limits = new Limits(clock, limitsOf(options));
  const tokens = Array.from({ length: options.identities ?? 1 }, (_, i) => `simulated-${random(seed, 'token', i).hex(40)}`);
  const oauth = new Tokens(clock, seed, tokens, { rotate: options.rotateRefresh ?? false, accessLife: options.tokenLife ?? ACCESS_LIFE });
  const server = await startVendorServer(options.port ?? 0, { ...organisation, faults, limits, mailbox, mailFaults, cutoff, supports, tokens: oauth });
  const smtp = await startMailServer(options.smtpPort ?? 0, { clock, mailbox, faults: mailFaults }).catch(async (cause: unknown) => {
    await server.stop();
    throw cause;
  });
  return {
    webex: { url: `${server.origin}/v1`, token: tokens[0] ?? '', tokens },
    smtp: { url: smtp.url },
    app: oauth.app,
    control: `${server.origin}/_control`,
    async stop() {
      await Promise.all([server.stop(), smtp.stop()]);
    },
  };
}

const limitsOf = ({ rpm, createsIdentity, createsHost }: SimulatorOptions): typeof vendorLimits => ({
  rpm: rpm ?? vendorLimits.rpm,
  createsIdentity: createsIdentity ?? vendorLimits.createsIdentity,
  createsHost: createsHost ?? vendorLimits.createsHost,
});
