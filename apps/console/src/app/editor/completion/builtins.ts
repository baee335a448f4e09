/** Python's built-in functions and types that scripts use; what the policy blocks is taken out elsewhere. */
export const BUILTINS: readonly string[] = (
  'abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict dir divmod enumerate ' +
  'filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next ' +
  'object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super ' +
  'tuple type vars zip eval exec compile input'
).split(' ');
