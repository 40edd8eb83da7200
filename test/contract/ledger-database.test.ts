import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../adapters/ledger/index.js';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { ensureKeyring, type Keyring } from '../../adapters/seal/index.js';
import { freshDatabase, query, type FreshDatabase } from '../support/postgres.js';
import { aSpec } from '../support/specs.js';

let folder: string;
let keyring: Keyring;
let database: FreshDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relink-keyring-'));
  keyring = await ensureKeyring(join(folder, 'keyring.json'));
  database = await freshDatabase();
});
afterEach(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const open = (databaseUrl = database.url) => openLedger({ databaseUrl, keyring, poolSize: 4 });

test('processes that start at once migrate the database once', async () => {
  const ledgers = Array.from({ length: 5 }, () => open());
  try {
    await Promise.all(ledgers.map((ledger) => ledger.migrate()));
    const [first] = ledgers;
    await first?.campaigns.save(aSpec('c'));
    await first?.migrate();
    expect((await first?.campaigns.get('c'))?.spec).toEqual(aSpec('c'));
    const applied = await query(database.url, 'select name from kysely_migration order by name');
    const files = await readdir(join(packageRoot(), 'adapters/ledger/migrations'));
    expect(applied.map(({ name }) => `${String(name)}.ts`)).toEqual(files.sort());
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  }
});

test('an edit of a campaign is seen by every process at once, and what did not change is not fetched again', async () => {
  const [writer, reader] = [open(), open()];
  try {
    await writer.migrate();
    await writer.campaigns.save(aSpec('c'));
    const { spec } = await reader.campaigns.get('c');
    await writer.campaigns.setPhase('c', 'remediating');
    expect(await reader.campaigns.get('c')).toMatchObject({ phase: 'remediating' });
    expect((await reader.campaigns.get('c')).spec).toBe(spec);
    await writer.campaigns.save(aSpec('c', { graceMs: 5 }));
    for (const ledger of [writer, reader]) expect((await ledger.campaigns.get('c')).spec.graceMs).toBe(5);
  } finally {
    await Promise.all([writer.close(), reader.close()]);
  }
});

test('connections that the server ends, idle or at a pivot, end no process: the call fails, the next one works', async () => {
  const ledger = open();
  const endAll = () => query(database.url, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'relink' and datname = current_database()`);
  try {
    await ledger.migrate();
    await ledger.campaigns.save(aSpec('c'));
    await Promise.all(Array.from({ length: 4 }, () => ledger.ping()));
    await endAll();
    await retried(() => ledger.ping());

    const host = { email: 'a@example.org', displayName: 'a', sites: [] };
    const identity = { vendor: 'v', site: 's', id: '1', hostEmail: host.email, number: '1', link: 'l' };
    const judgement = { verdict: 'affected', evidence: 'none', proof: null, reason: null } as const;
    await ledger.inventory.finishHost({ campaign: 'c', token: 't', lane: 'ops-1', host, findings: [{ identity, kind: 'single', startsAt: null, judgement }], unreadable: [] });
    const [item] = await ledger.items.select('c', {});
    const ref = { campaign: 'c', meeting: item?.meeting ?? '' };
    await ledger.items.move(ref, 'running');
    await ledger.items.move(ref, 'replaced');
    const lost = ledger.items.atPivot(ref, async () => {
      await endAll();
      return { retired: true };
    });
    await expect(lost).rejects.toThrow(/connection|terminat|ECONNRESET/i);
    expect((await retried(() => ledger.items.get(ref))).state).toBe('replaced');
    await retried(() => ledger.campaigns.setOrder('c', 'pause'));
  } finally {
    await ledger.close();
  }
});

/** As Temporal would: each connection of the pool that was ended costs one call at most. */
async function retried<T>(call: () => Promise<T>): Promise<T> {
  for (let left = 8; left > 1; left--) {
    try {
      return await call();
    } catch {
      continue;
    }
  }
  return call();
}

test('a database that does not answer is an error that tells no password', async () => {
  const url = new URL(database.url);
  url.password = 'wrong-secret';
  const ledger = open(url.href);
  try {
    const said = await ledger.ping().then(() => 'answered', (cause: unknown) => String(cause));
    expect(said).not.toBe('answered');
    expect(said).not.toContain('wrong-secret');
  } finally {
    await ledger.close();
  }
});
