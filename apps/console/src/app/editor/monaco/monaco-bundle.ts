// The editor with Python and no other language: a lazy part of the page, and by far its largest.
import 'monaco-editor/esm/vs/basic-languages/python/python.contribution.js';
export * from 'monaco-editor/esm/vs/editor/edcore.main.js';
