import type { ExampleGroup } from './example';

export const FIRST_STEPS: ExampleGroup = {
  title: 'First steps',
  examples: [
    {
      id: 'math',
      title: 'Math',
      sentence: 'Integers of any size come back with all of their digits.',
      expected: 'RESULT',
      script: `# Math: integers of any size
import math


def main():
    primes = [n for n in range(2, 60) if all(n % d for d in range(2, math.isqrt(n) + 1))]
    return {
        "primes": primes,
        "40 factorial": math.factorial(40),
        "golden ratio": (1 + math.sqrt(5)) / 2,
        "pi": math.pi,
    }
`,
    },
    {
      id: 'stdout',
      title: 'Captured output',
      sentence: 'What a script prints is kept apart from what it returns, colours included.',
      expected: 'RESULT',
      script: `# Captured output: stdout beside the result
GREEN, RED, RESET = "\\033[32m", "\\033[31m", "\\033[0m"


def main():
    scores = {"Ada": 93, "Grace": 88, "Linus": 41}
    for name, score in scores.items():
        colour = GREEN if score >= 50 else RED
        print(f"{name:<8}{colour}{'#' * (score // 5):<20}{RESET}{score:>4}")
    passed = [name for name, score in scores.items() if score >= 50]
    print(f"{len(passed)} of {len(scores)} passed")
    return {"passed": passed}
`,
    },
    {
      id: 'random',
      title: 'Random',
      sentence: 'A seed makes chance repeatable: the estimate of pi is the same each time.',
      expected: 'RESULT',
      script: `# Random: pi by throwing darts
import random


def main():
    darts = random.Random(7)
    inside = 0
    steps = []
    for thrown in range(1, 20_001):
        inside += darts.random() ** 2 + darts.random() ** 2 <= 1
        if thrown % 500 == 0:
            steps.append({"thrown": thrown, "estimate": round(4 * inside / thrown, 4)})
    print("The last estimate:", steps[-1]["estimate"])
    return steps
`,
    },
  ],
};
