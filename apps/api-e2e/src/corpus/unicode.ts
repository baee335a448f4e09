import { type CorpusTheme, python } from './corpus-case';

export const UNICODE: CorpusTheme = {
  theme: 'unicode',
  cases: [
    {
      name: 'keeps emoji, joined sequences and flags in results and output',
      script: 'def main():\n    print("👩‍👩‍👧‍👦 🇩🇪")\n    return ["👩‍👩‍👧‍👦", len("👩‍👩‍👧‍👦"), "🐍"[::-1]]',
      answer: { result: '["👩‍👩‍👧‍👦",7,"🐍"]', stdout: '👩‍👩‍👧‍👦 🇩🇪\n' },
    },
    {
      name: 'does not normalise combining characters',
      script: python`
        import unicodedata

        def main():
            decomposed = "e\u0301"
            return [decomposed, len(decomposed), unicodedata.normalize("NFC", decomposed), unicodedata.name("🐍")]
      `,
      answer: { result: '["e\u0301",2,"\u00e9","SNAKE"]' },
    },
    {
      name: 'keeps right-to-left text and its marks',
      script: 'def main():\n    return ["שלום", "مرحبا\u200f", "a\u202eb"]',
      answer: { result: '["שלום","مرحبا\u200f","a\u202eb"]' },
    },
    {
      name: 'accepts identifiers beyond ASCII and beyond the basic plane',
      script:
        'def größe(π):\n    return π * 2\n\n𝓍 = 3\n变量 = größe(x)\n\ndef main():\n    return [变量, größe(𝓍)]',
      answer: { result: '[6,6]' },
    },
    {
      name: 'escapes an unpaired surrogate in a result, so that the answer stays valid',
      script: String.raw`def main():
    return {"half": "\ud800", "pair": "😀", "other": "\udfff!"}`,
      answer: { result: String.raw`{"half":"\ud800","pair":"\ud83d\ude00","other":"\udfff!"}` },
    },
    {
      name: 'prints an unpaired surrogate as an error of the script',
      script: String.raw`def main():
    print("\ud800")`,
      answer: {
        code: 'SCRIPT_ERROR',
        error:
          "UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed (line 2)",
        line: 2,
        column: 5,
      },
    },
    {
      name: 'escapes control characters and keeps line separators in a result',
      script: String.raw`def main():
    return ["\0\x1f\x7f", "\u2028\u2029", "\"\\/", "\b\f\n\r\t"]`,
      answer: { result: `["\\u0000\\u001f\u007f","\u2028\u2029","\\"\\\\/","\\b\\f\\n\\r\\t"]` },
    },
    {
      name: 'replaces invalid bytes in the output by U+FFFD',
      script: python`
        import logging, io

        def main():
            from io import FileIO
            stream = FileIO(1, "w", closefd=False)
            stream.write(b"a\xff\xfeb \xe2\x82\n")
      `,
      answer: { result: 'null', stdout: 'a\ufffd\ufffdb \ufffd\n' },
    },
    {
      name: 'keeps output beyond ASCII that is printed character by character',
      script: 'def main():\n    for c in "añ€😀":\n        print(c, end="", flush=True)',
      answer: { result: 'null', stdout: 'añ€😀' },
    },
    {
      name: 'keeps keys beyond ASCII and their order',
      script: 'def main():\n    return {"ключ": 1, "": 2, "键": 3, "a b": 4}',
      answer: { result: '{"ключ":1,"":2,"键":3,"a b":4}' },
    },
    {
      name: 'counts columns in code points, astral characters before it',
      script: 'def main():\n    x = ["😀😀", "é", 1 / 0]\n',
      answer: {
        code: 'SCRIPT_ERROR',
        error: 'ZeroDivisionError: division by zero (line 2)',
        line: 2,
        column: 21,
      },
    },
    {
      name: 'counts the column of a syntax error in code points',
      script: 'def main():\n    x = "😀é" 5\n',
      answer: {
        code: 'SYNTAX_ERROR',
        error: /^SyntaxError: invalid syntax.* \(line 2, column 14\)$/,
        line: 2,
        column: 14,
      },
    },
    {
      name: 'keeps text beyond ASCII in error messages',
      script: 'def main():\n    raise ValueError("größer als 😀")',
      answer: { code: 'SCRIPT_ERROR', error: 'ValueError: größer als 😀 (line 2)', line: 2, column: 5 },
    },
  ],
};
