/** Says things in their order, in whatever order they come: each as soon as all before it have been said. */
export class InOrder {
  private readonly waiting = new Map<number, string>();
  private next = 0;

  constructor(private readonly say: (text: string) => void) {}

  add(index: number, text: string): void {
    this.waiting.set(index, text);
    for (;;) {
      const said = this.waiting.get(this.next);
      if (said === undefined) return;
      this.waiting.delete(this.next);
      this.next += 1;
      this.say(said);
    }
  }
}
