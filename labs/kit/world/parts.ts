/**
 * What of a run can be left out, by name: "fault 3", "C1's operation 2". Whoever plans something that a run can do
 * without asks here first. Randomness is keyed, so that all the rest stays as it was.
 */
export class Parts {
  private readonly known = new Set<string>();

  /** @param without the parts that this run leaves out */
  constructor(private readonly without: ReadonlySet<string> = new Set()) {}

  /** @returns false if the part is to be left out */
  has(part: string): boolean {
    this.known.add(part);
    return !this.without.has(part);
  }

  /** The parts that somebody asked for and got, in order. */
  get kept(): string[] {
    return [...this.known].filter((part) => !this.without.has(part));
  }
}
