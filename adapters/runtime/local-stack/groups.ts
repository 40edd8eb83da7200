import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Children run in process groups of their own, so that Ctrl-C in a terminal reaches us alone and we stop them in order.
 * The price is that they would outlive us. Two things prevent it: an exit hook here, and a watchdog that
 * holds a pipe from us and ends the groups when the pipe closes, which it does even when we are killed outright.
 */
const groups = new Map<number, NodeJS.Signals>();
let watchdog: ChildProcess | undefined;
let hooked = false;

/** Ends the group as soon as this process is gone. `signal` asks it to stop; what remains three seconds later is killed. */
export function guardGroup(group: number, signal: NodeJS.Signals): void {
  groups.set(group, signal);
  if (!hooked) process.once('exit', endAll);
  hooked = true;
  if (watchdog) tell(`add ${group} ${signal.slice(3)}`);
  else startWatchdog();
}

/** The last thing we do, so it cannot wait: neither for the groups nor for the watchdog, which has no work left. */
function endAll(): void {
  if (groups.size === 0) return;
  groups.forEach((_, group) => signalGroup(group, 'SIGKILL'));
  watchdog?.kill('SIGKILL');
}

export function releaseGroup(group: number): void {
  if (!groups.delete(group)) return;
  tell(`drop ${group}`);
  if (groups.size > 0) return;
  watchdog?.stdin?.end();
  watchdog = undefined;
}

/** @returns false when the group no longer exists. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

const script = `
trap '' INT TERM HUP
groups=''
while read -r verb group signal; do
  kept=''
  for each in $groups; do [ "\${each%%:*}" = "$group" ] || kept="$kept $each"; done
  groups=$kept
  [ "$verb" = add ] && groups="$groups $group:$signal"
done
for each in $groups; do kill -s "\${each#*:}" -- "-\${each%%:*}"; done
tries=0
while [ $tries -lt 30 ]; do
  left=''
  for each in $groups; do kill -s 0 -- "-\${each%%:*}" && left="$left $each"; done
  [ -z "$left" ] && exit 0
  sleep 0.1
  tries=$((tries + 1))
done
for each in $left; do kill -s KILL -- "-\${each%%:*}"; done
`;

function startWatchdog(): void {
  const started = spawn('/bin/sh', ['-c', script, 'relink-watchdog'], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watchdog = started;
  started.unref();
  started.stdin.on('error', () => undefined); // its death shows as 'exit'
  if ('unref' in started.stdin) (started.stdin as { unref(): void }).unref();
  started.once('exit', () => {
    if (watchdog !== started) return;
    watchdog = undefined;
    if (groups.size > 0) startWatchdog();
  });
  groups.forEach((signal, group) => tell(`add ${group} ${signal.slice(3)}`));
}

function tell(line: string): void {
  watchdog?.stdin?.write(`${line}\n`);
}
