/** Whoever waits for a turn sits and waits no longer than this, so that what an activity has read so far need not be read again; more is Temporal's to wait for. Milliseconds. */
export const PATIENCE_MS = 10_000;
/** How often whoever waits looks whether the turn still stands, so that an order or the border of a window reaches all who wait within five seconds. Milliseconds. */
export const LOOK_MS = 2_000;
