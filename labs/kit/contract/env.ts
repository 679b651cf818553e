import type { Json, Millis, NodeId } from "./values";

/**
 * Everything a server can do and know. There is no other way to the outside: no clock, no socket, no file.
 *
 * Calls take effect in the order in which they are made. A message or a value that was handed over is frozen: send a
 * copy of whatever you want to change later.
 */
export interface Env<Message> {
  /** This server's own name. */
  readonly self: NodeId;

  /** The other servers of the cluster, without this one. */
  readonly peers: readonly NodeId[];

  /** This server's own clock, in milliseconds. It never goes back; it may run faster or slower than the others'. */
  now(): Millis;

  /** A fresh random number in [0, 1). It comes from the run's seed: the same run draws the same numbers. */
  random(): number;

  /**
   * Sends a message. It may be lost, late, doubled or overtaken by a later one; it is never altered.
   * @param to one of `peers`
   * @param message plain data (see {@link Json})
   */
  send(to: NodeId, message: Message): void;

  /**
   * Calls `onTimer(name)` once, after `delay`, never earlier. Setting a timer that is already running replaces it.
   * @param delay milliseconds on this server's clock, 0 or more
   */
  setTimer(name: string, delay: Millis): void;

  /** Stops a timer. Stopping one that is not running does nothing. */
  cancelTimer(name: string): void;

  /** What survives a crash (from lab 3). */
  readonly disk: Disk;

  /** Writes a line into the trace, beside the event that is being handled. */
  log(text: string): void;
}

/** A small durable store of named values. */
export interface Disk {
  /** The value last written under `key`, or undefined. */
  read(key: string): Json | undefined;

  /**
   * Writes all the changes or none of them; durable when it returns. A value of undefined removes the key.
   * @param changes plain data; frozen from here on
   */
  write(changes: Readonly<Record<string, Json | undefined>>): void;
}
