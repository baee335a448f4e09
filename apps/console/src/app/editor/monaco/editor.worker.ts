// Monaco's own worker: words for completion, links, differences.
import 'monaco-editor/esm/vs/editor/editor.worker.js';
