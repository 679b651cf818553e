/** Space-time diagrams of failed runs, each in one HTML file. Runs in Node; imports only the kit. */
export { DIAGRAM_BYTES_MAX, DIAGRAM_EVENTS_MAX, type DiagramInput, diagramOf } from "./diagram";
