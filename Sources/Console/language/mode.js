import CodeMirror from 'codemirror/lib/codemirror.js';
import 'codemirror/addon/mode/simple.js';

/** Highlighting of GraphQL documents (September 2025, §2.1). */
CodeMirror.defineSimpleMode('graphql', {
  start: [
    { regex: /#.*/, token: 'comment' },
    { regex: /"""/, token: 'string', next: 'block' },
    { regex: /"(?:[^"\\]|\\.)*"?/, token: 'string' },
    { regex: /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, token: 'number' },
    { regex: /\$[_A-Za-z]\w*/, token: 'variable-2' },
    { regex: /@[_A-Za-z]\w*/, token: 'meta' },
    { regex: /(?:query|mutation|subscription|fragment|on)\b(?!\s*:)/, token: 'keyword' },
    { regex: /(?:true|false|null)\b/, token: 'atom' },
    { regex: /[A-Z][A-Z0-9_]*\b/, token: 'atom' },
    { regex: /[A-Z]\w*/, token: 'type' },
    { regex: /[_a-z]\w*(?=\s*:)/, token: 'attribute' },
    { regex: /[_A-Za-z]\w*/, token: 'property' },
    { regex: /[{([]/, token: 'bracket', indent: true },
    { regex: /[})\]]/, token: 'bracket', dedent: true },
    { regex: /\.\.\.|[!:=|&]/, token: 'punctuation' },
  ],
  block: [
    { regex: /.*?"""/, token: 'string', next: 'start' },
    { regex: /.*/, token: 'string' },
  ],
  meta: { lineComment: '#', electricInput: /^\s*[})\]]$/ },
});
