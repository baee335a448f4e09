/**
 * In `f"{x:=^40}"` the `=` starts a format specification; the grammar reads `:=` and then finds no expression. These
 * texts have the same length and the same meaning to us, with `:_` instead, so that all positions stay what they were.
 */

/** No Python outside a format specification has `:=` before one of these characters, so this is always right. */
export function maskAlignedSpecifications(script: string): string {
  return script.replace(/:=(?=[<>=^])/g, ':_');
}

/** A guess for a script that does not parse otherwise: `:=` with a `}` after it on its line and no bracket between. */
export function maskLikelySpecifications(script: string): string {
  return script.replace(/:=(?=[^\n()'"]*\})/g, ':_');
}
