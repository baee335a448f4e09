"""Scripts that really run: what a generator of text writes is hardly ever Python."""

from __future__ import annotations

# Each can be called with any inputs, so that it stays right whatever else is generated.
FUNCTIONS = (
    "def main(**inputs):\n    return inputs",
    "def main(**inputs):\n    print('seen', len(inputs))\n    return [len(str(value)) for value in inputs.values()]",
    "import sys\n\n\ndef main(**inputs):\n    print('to stderr', file=sys.stderr)\n    return sys.stdin.read()",
    "from pathlib import Path\n\n\ndef main(**inputs):\n"
    "    return sorted(str(path) for path in Path('.').rglob('*') if path.is_file())",
    "from pathlib import Path\n\n\ndef main(**inputs):\n    Path('output/a.txt').write_text('left')\n    return 1",
    "def main(**inputs):\n    return 10**400",
    "def main(**inputs):\n    return {'text': '\\ud83d\\ude00 \\u0000 \\u2028', 'float': 1e308, 'none': None}",
    "def main(**inputs):\n    return float('nan')",
    "def main(**inputs):\n    return object()",
    "def main(**inputs):\n    raise ValueError('a\\u0000b' * 3)",
    "def main(**inputs):\n    raise SystemExit(3)",
    "def main(**inputs):\n    return main(**inputs)",
    "def main(**inputs):\n    print('x' * 300_000)",
    "def main(**inputs):\n    return 'y' * 300_000",
    "def main(**inputs):\n    return bytearray(2_000_000_000)",
    "def main(a, b=2):\n    return a + b",
    "def main(:\n    return 1",
    "import os\n\n\ndef main(**inputs):\n    return os.getcwd()",
    "async def main(**inputs):\n    return 1",
    "import datetime\n\n\ndef main(**inputs):\n    return [datetime.date(2020, 2, 29), {1, 2}, (3, 4)]",
)

PROGRAMS = (
    "1 + 1",
    "print('hello')\n[n * n for n in range(5)]",
    "import sys\nprint(sys.stdin.read())",
    "from pathlib import Path\nPath('output/b.bin').write_bytes(bytes(range(256)))",
    "raise KeyError('no')",
    "x = (",
    "",
    "print('\\ud800')",
)

# Costs its time limit: rare.
SLOW = "def main(**inputs):\n    while True:\n        pass"
