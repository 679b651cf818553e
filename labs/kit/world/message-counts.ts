/** How many messages of each type were sent, and how large they were. */
export class MessageCounts {
  private readonly counts = new Map<string, { type: string; messages: number; bytes: number }>();
  /** The count used last: messages of one type come in rows. */
  private last = { type: "", messages: 0, bytes: 0 };

  add(type: string, bytes: number): void {
    if (this.last.type !== type) this.last = this.countOf(type);
    this.last.messages += 1;
    this.last.bytes += bytes;
  }

  /** Messages sent so far: of one type, or of all. */
  messages(type?: string): number {
    return this.total(type, "messages");
  }

  /** Bytes sent so far: of one type, or of all. */
  bytes(type?: string): number {
    return this.total(type, "bytes");
  }

  /** The types seen, with their counts, most messages first. */
  byType(): readonly { readonly type: string; readonly messages: number; readonly bytes: number }[] {
    return [...this.counts.values()].sort((a, b) => b.messages - a.messages);
  }

  private countOf(type: string): { type: string; messages: number; bytes: number } {
    const count = this.counts.get(type) ?? { type, messages: 0, bytes: 0 };
    this.counts.set(type, count);
    return count;
  }

  private total(type: string | undefined, of: "messages" | "bytes"): number {
    if (type !== undefined) return this.counts.get(type)?.[of] ?? 0;
    let sum = 0;
    for (const count of this.counts.values()) sum += count[of];
    return sum;
  }
}
