/** Returns what a program that failed had to say, as one line. */
export function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return [stderr?.trim(), message].find(Boolean)?.split('\n')[0] ?? '';
}
