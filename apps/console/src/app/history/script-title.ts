const MAX_TITLE_LENGTH = 80;

/** What a script is called in a list: what it says of itself, else what it defines, else how it begins. */
export function titleOfScript(script: string): string {
  const lines = script
    .split('\n', 200)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const title =
    commentIn(lines) ?? functionIn(lines) ?? lines[lines.findIndex(isMain) + 1] ?? lines[0] ?? 'Empty script';
  return Array.from(title).length > MAX_TITLE_LENGTH
    ? `${Array.from(title)
        .slice(0, MAX_TITLE_LENGTH - 1)
        .join('')
        .trimEnd()}…`
    : title;
}

/** A comment or a docstring that opens the script. */
function commentIn([first = '']: readonly string[]): string | null {
  const words = /^(?:#+|[rub]{0,2}("""|'''|"|'))\s*(.*?)\s*\1$/i.exec(first)?.[2] ?? '';
  return /\w/.test(words) ? words : null;
}

function functionIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const name = /^(?:async\s+)?(?:def|class)\s+(\w+)/.exec(line)?.[1];
    if (name && name !== 'main') return line.includes('class ') ? `class ${name}` : `${name}()`;
  }
  return null;
}

function isMain(line: string): boolean {
  return /^(?:async\s+)?def\s+main\b/.test(line);
}
