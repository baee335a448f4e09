/**
 * What is asked of a script: `function` wants its `main()` and what that returns, `script` runs the text as a program.
 * What is refused is the same in both, and `main` matters in the first only.
 */
export type ScriptMode = 'function' | 'script';
