/** What the labs' tests are written with, besides jest and the kit. */
export { clientTalk } from "./client-talk";
export { operationWords } from "./operation-words";
export { type SimulatedOptions, simulated } from "./simulated";
