import { type CorpusTheme, python } from './corpus-case';

export const NUMBERS: CorpusTheme = {
  theme: 'numbers keep their digits',
  cases: [
    {
      name: 'integers beyond 2^53 arrive with all their digits',
      script: 'def main():\n    return [2**53 + 1, -(2**63), 2**64, 2**200]',
      answer: {
        result:
          '[9007199254740993,-9223372036854775808,18446744073709551616,1606938044258990275541962092341162602522202993782792835301376]',
      },
    },
    {
      name: 'floats are spelled as Python spells them',
      script:
        'def main():\n    return [1e22, 1e16, 1e15, 0.1 + 0.2, 1.0, 1e-7, 5e-324, 1.7976931348623157e308, -0.0, 100.0]',
      answer: {
        result:
          '[1e+22,1e+16,1000000000000000.0,0.30000000000000004,1.0,1e-07,5e-324,1.7976931348623157e+308,-0.0,100.0]',
      },
    },
    {
      name: 'NaN and infinities become null, at any depth',
      script:
        'def main():\n    nan = float("nan")\n    return {"a": nan, "b": [float("inf"), -float("inf"), {"c": nan}], "d": (1.5, nan)}',
      answer: { result: '{"a":null,"b":[null,null,{"c":null}],"d":[1.5,null]}' },
    },
    {
      name: 'booleans stay booleans and None is null',
      script: 'def main():\n    return [True, False, None, 1 == 1.0, bool([])]',
      answer: { result: '[true,false,null,true,false]' },
    },
    {
      name: 'an integer of 4000 digits is returned whole',
      script: 'def main():\n    return 10**3999 + 7',
      answer: { result: `1${'0'.repeat(3998)}7` },
    },
    {
      name: 'an integer of more digits than Python writes is not serializable',
      script: 'def main():\n    return {"n": 10**5000}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /^Return value cannot become JSON: result\["n"\] .*int.*4300/,
      },
    },
    {
      name: 'complex numbers and fractions become text',
      script:
        'from fractions import Fraction\ndef main():\n    return {"z": [1, 2j, 1 + 2j], "f": [Fraction(1, 3) + Fraction(1, 6), Fraction(4, 2)]}',
      answer: { result: '{"z":[1,"2j","(1+2j)"],"f":["1/2","2"]}' },
    },
    {
      name: 'subclasses of numbers and strings become the plain values',
      script: python`
        class Int(int):
            def __repr__(self): return "forged"
        class Float(float):
            def __repr__(self): return "forged"
        class Text(str):
            def __str__(self): return "forged"

        def main():
            return [Int(5), Float(2.5), Text("text"), Float("nan")]
      `,
      answer: { result: '[5,2.5,"text",null]' },
    },
    {
      name: 'a result at the top level may be any JSON value',
      script: 'def main():\n    return -1.5e-10',
      answer: { result: '-1.5e-10' },
    },
  ],
};
