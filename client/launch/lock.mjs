import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimes, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { say } from './common.mjs';

/** The holder shows at this pace that it is at work; process ids are used again, so one that is silent for long is another's. Milliseconds. */
const BEAT_MS = 5_000;
const SILENCE_MS = 60_000;

/** Runs `work` while no other process holds `file`; waits for one that does. A holder that is gone is passed over. */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o711 }); // also the data folder of this checkout: nobody else lists it
  let told = false;
  while (!take(file)) {
    const holder = readHolder(file);
    if (holder === undefined || !lives(holder) || isSilent(file)) {
      removeStale(file, holder);
      continue;
    }
    if (!told) say(`Waiting for another launch (process ${holder}) that installs or builds here…`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const beat = setInterval(() => utimes(file, new Date(), new Date(), () => undefined), BEAT_MS);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

/** A link appears whole or not at all: nobody reads a lock that is still being written. */
function take(file) {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (cause) {
    if (cause.code !== 'EEXIST') throw cause;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the lock away and looks at it before deleting: another process may have been quicker and own it by now. */
function removeStale(file, holder) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (readHolder(aside) !== holder) linkSync(aside, file);
  } catch (cause) {
    if (cause.code !== 'ENOENT' && cause.code !== 'EEXIST') throw cause; // somebody else removed it, or took it
  }
  rmSync(aside, { force: true });
}

function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isSilent(file) {
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return changed !== undefined && Date.now() - changed > SILENCE_MS;
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid; // our own number in an old lock was another's
  } catch (cause) {
    return cause.code === 'EPERM';
  }
}
