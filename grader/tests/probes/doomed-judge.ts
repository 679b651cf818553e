import { type Kind, wallsOf } from "./kinds";
import { Probe } from "./probe";

/** A judge that is going to be killed: starts a probe that works without end. Its argument says within which walls. */
const probe = new Probe(wallsOf(process.argv[2] as Kind), "spin");
probe.hasSpoken().then(() => process.send?.("ready"));
