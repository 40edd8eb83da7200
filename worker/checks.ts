import type { RelinkConfig } from '../adapters/runtime/config/index.js';
import { failures, RelinkFailure } from '../domain/failures.js';
import type { Ledger } from '../domain/ledger.js';
import type { RequestPacer } from '../domain/ports.js';
import { mailerOf, vendorOf } from './wire.js';

/** One request of a doctor counts for nothing, and the ledger may have no tables yet. */
const unpaced: RequestPacer = { beforeRequest: () => Promise.resolve(), quietFor: () => Promise.resolve() };

/** What `relink doctor` cannot look at by itself: the vendor and the mail server. One line of JSON per check. */
export async function runChecks(config: RelinkConfig, ledger: Ledger): Promise<void> {
  for (const identity of config.identities) {
    await check(`identity ${identity.name}`, async () => {
      if (identity.oauth && !(await hasTables(ledger))) return 'is asked once the ledger has its tables, in which tokens are kept';
      await vendorOf(identity, ledger, unpaced).verify();
      return `${identity.vendor} accepts the token`;
    });
  }
  await check('mail server', async () => {
    const mailer = await mailerOf(config);
    try {
      await mailer.verify();
      return 'accepts our connection';
    } finally {
      mailer.close();
    }
  });
}

const UNDEFINED_TABLE = '42P01';
const hasTables = ({ credentials }: Ledger): Promise<boolean> =>
  credentials.list([]).then(
    () => true,
    (cause: unknown) => {
      if ((cause as { readonly code?: unknown }).code === UNDEFINED_TABLE) return false;
      throw cause;
    },
  );

async function check(name: string, look: () => Promise<string>): Promise<void> {
  const line = await look().then(
    (detail) => ({ check: name, ok: true, detail }),
    (cause: unknown) => ({ check: name, ok: false, ...explain(cause) }),
  );
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function explain(cause: unknown): { detail: string; remedy: string } {
  if (cause instanceof RelinkFailure) return { detail: `${cause.type}: ${cause.message}`, remedy: failures[cause.type].remedy };
  return { detail: cause instanceof Error ? cause.message : 'unknown error', remedy: 'mend what the line names' };
}
