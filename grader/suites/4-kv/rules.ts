/** The rules that several groups of tests are about. */
export const ONCE =
  "Raft §8: clients number their operations; a server that sees a number whose operation was carried out answers at once, without carrying it out again.";

export const RETRY =
  "Raft §8: a client whose request gets no answer asks again, here or at another server, with the same sequence; it never gives up.";

export const COMMITTED =
  "Raft §5.3, §8: a leader answers a client only when the operation is committed and applied to its state machine.";

export const FRESH_READS =
  "Raft §8: a leader must not answer a read before it knows that it has not been deposed: the information may be stale.";

export const STORE =
  "The handout, 4.4: get gives the value, null if the key is missing; put writes; append adds to the end; cas writes, and says true, only where the value is the expected one.";

export const PROGRESS =
  "The handout: a client that can talk to a majority with a leader gets its answer; after the last fault, within 20 s.";

/** The tests that a client cannot do without. */
export const ASKING = ["4.1a"];

/** The tests that a server cannot do without. */
export const PROPOSING = ["4.3b"];
export const ANSWERING = ["4.3b", "4.4a"];

/** The tests that a store cannot do without. */
export const WORKING = ["4.1a", "4.2b", "4.3b", "4.4a"];
