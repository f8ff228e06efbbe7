import CodeMirror from 'codemirror/lib/codemirror.js';
import 'codemirror/addon/edit/matchbrackets.js';
import 'codemirror/addon/edit/closebrackets.js';
import 'codemirror/addon/comment/comment.js';
import 'codemirror/addon/lint/lint.js';
import 'codemirror/addon/display/placeholder.js';
import 'codemirror/mode/javascript/javascript.js';
import './mode.js';
import { completions } from './completion.js';
import { problems } from './problems.js';

/**
 * The editor of queries. Tab leaves it, as it leaves every other field: Enter indents.
 *
 * @param {HTMLElement} place
 * @param {{schema: () => import('graphql').GraphQLSchema|null, run: () => void, prettify: () => void,
 *   onProblems: (problems: import('./problems.js').Problem[]) => void}} owner
 */
export function queryEditor(place, owner) {
  const editor = CodeMirror(place, {
    mode: 'graphql',
    lineNumbers: true,
    matchBrackets: true,
    autoCloseBrackets: '(){}[]""',
    indentUnit: 2,
    tabSize: 2,
    lineWrapping: true,
    inputStyle: 'contenteditable',
    screenReaderLabel: 'Query. Control-Space completes, Control-Enter runs.',
    placeholder: 'Choose an example, or press Ctrl-Space for what can be asked.',
    gutters: ['CodeMirror-lint-markers'],
    lint: { getAnnotations: (text) => annotations(text), delay: 250, highlightLines: false },
    hintOptions: { hint: (cm) => completions(cm, owner.schema()), completeSingle: false, container: document.body },
    extraKeys: {
      Tab: false, 'Shift-Tab': false,
      'Ctrl-Space': 'autocomplete', 'Cmd-Space': 'autocomplete',
      'Ctrl-Enter': owner.run, 'Cmd-Enter': owner.run,
      'Shift-Ctrl-P': owner.prettify, 'Shift-Cmd-P': owner.prettify,
      'Ctrl-/': 'toggleComment', 'Cmd-/': 'toggleComment',
    },
  });

  function annotations(text) {
    const found = problems(owner.schema(), text);
    owner.onProblems(found);
    return found.map((problem) => ({
      message: problem.message,
      severity: problem.severity,
      from: CodeMirror.Pos(problem.line - 1, problem.column - 1),
      to: CodeMirror.Pos(problem.line - 1, problem.column - 1 + problem.length),
    }));
  }

  editor.on('inputRead', (cm, change) => {
    if (change.origin === '+input' && /^[\w$@]$/.test(change.text[0])) cm.showHint();
  });
  return editor;
}

/**
 * An editor of JSON.
 *
 * @param {HTMLElement} place
 * @param {{label: string, value: string, readOnly?: boolean, run?: () => void}} options
 */
export function jsonEditor(place, { label, value, readOnly = false, run = () => {} }) {
  return CodeMirror(place, {
    value,
    mode: { name: 'javascript', json: true },
    readOnly,
    lineNumbers: readOnly,
    matchBrackets: true,
    lineWrapping: true,
    tabSize: 2,
    inputStyle: 'contenteditable',
    screenReaderLabel: label,
    extraKeys: { Tab: false, 'Shift-Tab': false, 'Ctrl-Enter': run, 'Cmd-Enter': run },
  });
}
