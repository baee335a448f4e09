/**
 * Valid Python that the grammar refuses, rewritten so that it parses. Every text has the length of the original, so
 * that offsets stay what they were.
 */

/**
 * `f"{x:=^40}"`: the `=` starts a format specification, the grammar reads `:=` and then finds no expression. No Python
 * outside a format specification has `:=` before one of these characters, so this is always right.
 */
export function maskAlignedSpecifications(script: string): string {
  return script.replace(/:=(?=[<>=^])/g, ':_');
}

/**
 * Runs of lines that hold nothing but a backslash become blanks, but for the first: the grammar needs quadratic time for
 * them. The first stays as it is, because in a comment it continues nothing.
 */
export function joinContinuations(script: string): string {
  return script.replace(/(?<=\\\n)(?:\\\n)+/g, (run) => ' '.repeat(run.length));
}

/** What may make a script parse that otherwise does not, to be tried in this order. */
export function rewritesOf(script: string): string[] {
  const specifications = maskLikelySpecifications(script);
  const flat = flattenBrackets(script);
  const both = flattenBrackets(specifications);
  return [...new Set([flat, specifications, both])].filter((text) => text !== script);
}

/** `f"{x:=10,.2f}"`: a guess, `:=` with a `}` after it on its line and no parenthesis or quote between. */
function maskLikelySpecifications(script: string): string {
  return script.replace(/:=(?=[^\n()'"]*\})/g, ':_');
}

const STRING_COMMENT_BRACKET_OR_LINE_END =
  /("""|''')(?:\\[\s\S]|(?!\1)[^\\])*(?:\1|$)|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|#[^\n]*|[()[\]{}]|\\?\n/g;

/**
 * Blanks out comments, and line ends inside brackets. After an operator inside brackets, and after a decorator, the
 * grammar takes a line that is indented less than the block for the block's end.
 */
function flattenBrackets(script: string): string {
  let depth = 0;
  return script.replace(STRING_COMMENT_BRACKET_OR_LINE_END, (token) => {
    switch (token[0]) {
      case '(':
      case '[':
      case '{':
        depth++;
        return token;
      case ')':
      case ']':
      case '}':
        depth--;
        return token;
      case '#':
        return ' '.repeat(token.length);
      case '\n':
      case '\\':
        return depth > 0 ? ' '.repeat(token.length) : token;
      default:
        return token;
    }
  });
}
