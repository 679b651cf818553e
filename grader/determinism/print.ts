import { fingerprints } from "./hashes";

/** `npm run hashes`: prints the fingerprints of some runs, the same on every machine. */
fingerprints().then((text) => console.log(text));
