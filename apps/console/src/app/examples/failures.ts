import type { ExampleGroup } from './example';

export const FAILURES: ExampleGroup = {
  title: 'When something goes wrong',
  examples: [
    {
      id: 'exception',
      title: 'Exception',
      sentence: 'An uncaught exception is shown with its traceback and marked at its line.',
      expected: 'SCRIPT_ERROR',
      script: `# Exception: the line that failed is marked
def average(values):
    return sum(values) / len(values)


def main():
    print("First:", average([2, 4, 9]))
    print("Second:", average([]))
    return "never reached"
`,
    },
    {
      id: 'blocked-import',
      title: 'Blocked import',
      sentence: 'Modules that reach for the machine are refused before anything runs.',
      expected: 'POLICY_VIOLATION',
      script: `# Blocked import: refused before it runs
import os


def main():
    return os.listdir("/")
`,
    },
    {
      id: 'time-out',
      title: 'Time-out',
      sentence: 'A run that does not end is stopped at the time limit and keeps what it had printed.',
      expected: 'TIMEOUT',
      script: `# Time-out: the longest Collatz sequence, without an end to the search
def steps(n):
    count = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        count += 1
    return count


def main():
    best = start = 0
    while True:
        start += 1
        count = steps(start)
        if count > best:
            best = count
            print(f"{start:>8} takes {count} steps", flush=True)
`,
    },
    {
      id: 'memory',
      title: 'Memory limit',
      sentence: 'A run that takes more memory than it may have is stopped, and nobody else notices.',
      expected: 'MEMORY_LIMIT',
      script: `# Memory limit: 64 MiB at a time, until there is no more
def main():
    blocks = []
    while True:
        blocks.append(bytearray(64 * 1024 * 1024))
        print(f"{len(blocks) * 64} MiB", flush=True)
`,
    },
    {
      id: 'not-json',
      title: 'Not a JSON value',
      sentence: 'A value that JSON does not know is refused with its type and its place.',
      expected: 'RESULT_NOT_SERIALIZABLE',
      script: `# Not a JSON value: the error names the place
import re


def main():
    return {
        "name": "reading patterns",
        "patterns": ["[a-z]+", re.compile(r"\\d{4}-\\d{2}")],
    }
`,
    },
  ],
};
