/** What the labs' tests are written with, besides jest and the kit. */
export { type SimulatedOptions, simulated } from "./simulated";
