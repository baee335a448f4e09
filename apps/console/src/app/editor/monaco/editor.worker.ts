// Monaco's own worker: word completion, links, differences.
import 'monaco-editor/esm/vs/editor/editor.worker.js';
