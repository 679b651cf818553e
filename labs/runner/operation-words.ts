import type { KvOperation } from "../kit";

/** What a client asks for, in words: `append x "b"`. */
export function operationWords(operation: KvOperation): string {
  const { kind, key } = operation;
  switch (kind) {
    case "get":
      return `get ${key}`;
    case "put":
    case "append":
      return `${kind} ${key} ${JSON.stringify(operation.value)}`;
    case "cas":
      return `cas ${key} from ${JSON.stringify(operation.expected)} to ${JSON.stringify(operation.value)}`;
  }
}
