/** Events with which the end of an execution begins: what it has come to follows, and nothing that it prints. */
const OF_END: readonly string[] = ['artifact', 'result', 'error', 'cancelled', 'end'];

export function isOfEnd(type: string): boolean {
  return OF_END.includes(type);
}
