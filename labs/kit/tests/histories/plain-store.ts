import type { KvOperation, KvResult } from "../../contract";

/** The simplest store that is right: what the checker is checked against. Shares nothing with it. */
export class PlainStore {
  constructor(private readonly values = new Map<string, string>()) {}

  apply(operation: KvOperation): KvResult {
    const { key } = operation;
    const before = this.values.get(key) ?? null;
    switch (operation.kind) {
      case "get":
        return before;
      case "put":
        this.values.set(key, operation.value);
        return null;
      case "append":
        this.values.set(key, (before ?? "") + operation.value);
        return null;
      case "cas":
        if (before !== operation.expected) return false;
        this.values.set(key, operation.value);
        return true;
    }
  }

  copy(): PlainStore {
    return new PlainStore(new Map(this.values));
  }
}
