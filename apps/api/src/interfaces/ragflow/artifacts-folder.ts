import type { ForeignRequest } from '../door/foreign-request';
import { withFrontLine } from '../door/front-line';

/** The folder that RAGFlow makes for files, and tells models of. */
const FOLDER = 'artifacts';
/** Files come back from `output/`, so that the other name leads there. An expression: it leaves no name in the script. */
const LINK = `__import__("os").path.isdir("output") and __import__("os").symlink("output", "${FOLDER}")`;

/** A request with a line in front of its script that its author does not know. */
export interface FolderedRequest {
  readonly request: ForeignRequest;
  readonly addedLines: 0 | 1;
}

/**
 * Returns the request with the folder `artifacts/` for its script, where that or its arguments name one. Without it where the script
 * has no place for a line: imports of the future that are no line of their own.
 */
export function withArtifactsFolder(request: ForeignRequest): FolderedRequest {
  const { script, inputs } = request;
  const fronted = script.includes(FOLDER) || inputs?.includes(FOLDER) ? withFrontLine(script, LINK) : null;
  return fronted
    ? { request: { ...request, script: fronted.script }, addedLines: fronted.addedLines }
    : { request, addedLines: 0 };
}
