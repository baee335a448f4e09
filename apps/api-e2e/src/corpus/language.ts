import { type CorpusTheme, python } from './corpus-case';

export const LANGUAGE: CorpusTheme = {
  theme: 'the language',
  cases: [
    {
      name: 'returns what main() returns',
      script: 'def main():\n    return {"message": "Hello"}',
      answer: { result: '{"message":"Hello"}' },
    },
    {
      name: 'returns null for a main() without return',
      script: 'def main():\n    print("done")',
      answer: { result: 'null', stdout: 'done\n' },
    },
    {
      name: 'keeps stdout and stderr apart and complete',
      script: python`
        import logging, warnings

        def main():
            print("to stdout", end="")
            logging.warning("to the log")
            warnings.simplefilter("always")
            print("a", "b", sep="-", flush=True)
            return None
      `,
      answer: { result: 'null', stdout: 'to stdouta-b\n', stderr: 'WARNING:root:to the log\n' },
    },
    {
      name: 'runs the module body before main() and keeps its state',
      script: python`
        print("body")
        counter = 0

        def bump():
            global counter
            counter += 1
            return counter

        bump()

        def main():
            print("main")
            return bump()
      `,
      answer: { result: '2', stdout: 'body\nmain\n' },
    },
    {
      name: 'accepts any top-level callable as main',
      script: 'class Job:\n    def __call__(self):\n        return "called"\nmain = Job()',
      answer: { result: '"called"' },
    },
    {
      name: 'accepts a lambda as main',
      script: 'main = lambda: [x * x for x in range(4)]',
      answer: { result: '[0,1,4,9]' },
    },
    {
      name: 'accepts a main with default arguments',
      script: 'def main(n=3, *args, **kwargs):\n    return [n, args, kwargs]',
      answer: { result: '[3,[],{}]' },
    },
    {
      name: 'accepts a main that a decorator wraps',
      script: python`
        from functools import wraps

        def twice(function):
            @wraps(function)
            def wrapper(*args):
                return [function(*args), function(*args)]
            return wrapper

        @twice
        def main():
            return "x"
      `,
      answer: { result: '["x","x"]' },
    },
    {
      name: 'accepts a main defined in a branch',
      script: 'if True:\n    def main():\n        return 1\nelse:\n    def main():\n        return 2',
      answer: { result: '1' },
    },
    {
      name: 'awaits an async main',
      script: python`
        import asyncio

        async def double(n):
            await asyncio.sleep(0.01)
            return n * 2

        async def main():
            return await asyncio.gather(double(1), double(2), double(3))
      `,
      answer: { result: '[2,4,6]' },
    },
    {
      name: 'runs generators, closures and comprehensions',
      script: python`
        def fibonacci():
            a, b = 0, 1
            while True:
                yield a
                a, b = b, a + b

        def adder(n):
            return lambda x: x + n

        def main():
            numbers = fibonacci()
            return {
                "fib": [next(numbers) for _ in range(10)],
                "closures": [f(10) for f in [adder(n) for n in range(3)]],
                "nested": {f"{i}{j}": i * j for i in range(2) for j in range(2)},
            }
      `,
      answer: {
        result:
          '{"fib":[0,1,1,2,3,5,8,13,21,34],"closures":[10,11,12],"nested":{"00":0,"01":0,"10":0,"11":1}}',
      },
    },
    {
      name: 'runs match statements',
      script: python`
        def describe(value):
            match value:
                case {"type": "circle", "r": r}:
                    return f"circle {r}"
                case [x, *rest] if rest:
                    return f"list {x} and {len(rest)}"
                case int() | float():
                    return "number"
                case str(text):
                    return text.upper()
                case _:
                    return "other"

        def main():
            return [describe(v) for v in ({"type": "circle", "r": 2}, [1, 2, 3], 4.5, "abc", None)]
      `,
      answer: { result: '["circle 2","list 1 and 2","number","ABC","other"]' },
    },
    {
      name: 'runs the walrus, f-strings with specifications and star expressions',
      script: python`
        def main():
            values = [1, 2, 3, 4]
            first, *middle, last = values
            if (n := len(values)) > 3:
                width = 8
                return [f"{n=}", f"{3.14159:>{width}.2f}", f"{1234567:,}", f"{'a'!r:^7}", f"{0.256:.1%}", middle, first + last]
      `,
      answer: { result: `["n=4","    3.14","1,234,567","  'a'  ","25.6%",[2,3],5]` },
    },
    {
      name: 'runs classes with inheritance, properties and dunder methods',
      script: python`
        from abc import ABC, abstractmethod

        class Shape(ABC):
            @abstractmethod
            def area(self): ...

            def __lt__(self, other):
                return self.area() < other.area()

        class Square(Shape):
            def __init__(self, side):
                self._side = side

            @property
            def side(self):
                return self._side

            def area(self):
                return self.side ** 2

            @classmethod
            def unit(cls):
                return cls(1)

            @staticmethod
            def corners():
                return 4

        def main():
            return [min(Square(3), Square(2)).side, Square.unit().area(), Square.corners()]
      `,
      answer: { result: '[2,1,4]' },
    },
    {
      name: 'runs context managers and finally in order',
      script: python`
        from contextlib import contextmanager, suppress, ExitStack

        @contextmanager
        def tag(name):
            print(f"<{name}>")
            try:
                yield name
            finally:
                print(f"</{name}>")

        def main():
            with ExitStack() as stack:
                names = [stack.enter_context(tag(n)) for n in ("a", "b")]
                with suppress(KeyError):
                    {}["missing"]
                try:
                    return names
                finally:
                    print("finally")
      `,
      answer: { result: '["a","b"]', stdout: '<a>\n<b>\nfinally\n</b>\n</a>\n' },
    },
    {
      name: 'goes on after an exception that the script handles',
      script: python`
        def main():
            try:
                int("x")
            except ValueError as error:
                return str(error)
            else:
                return "no error"
      `,
      answer: { result: `"invalid literal for int() with base 10: 'x'"` },
    },
    {
      name: 'gives input from stdin none',
      script: 'import fileinput\ndef main():\n    return list(fileinput.input(files=("-",)))',
      answer: { result: '[]' },
    },
    {
      name: 'accepts CRLF line ends',
      script: 'def main():\r\n    x = """a\r\nb"""\r\n    return x\r\n',
      answer: { result: '"a\\nb"' },
    },
    {
      name: 'accepts a byte order mark, as Python does in a file',
      script: '\ufeffdef main():\n    return "é"',
      answer: { result: '"é"' },
    },
    {
      name: 'ignores a coding cookie: the script is text already',
      script: '# -*- coding: latin-1 -*-\ndef main():\n    return "é"',
      answer: { result: '"é"' },
    },
    {
      name: 'accepts tabs and a missing final line end',
      script: 'def main():\n\tif True:\n\t\treturn 1',
      answer: { result: '1' },
    },
    {
      name: 'counts the return value of main() called at module level once',
      script: 'def main():\n    print("called")\n    return 1\nmain()',
      answer: { result: '1', stdout: 'called\ncalled\n' },
    },
  ],
};
