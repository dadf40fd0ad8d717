// The editor of queries: CodeMirror with SPARQL's grammar, in a shadow root, where its style sheets are objects that a
// Content Security Policy without 'unsafe-inline' lets pass. It asks no host for anything.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, LanguageSupport, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { linter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";

import { completions } from "./complete.js";

/** The grammar, with colours for the names that it leaves plain. */
const sparql = SparqlLanguage.configure({ props: [styleTags({ "Pname_ln Pname_ns IriRef": tags.propertyName, A_predicate: tags.keyword })] });

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--q-keyword)", fontWeight: "600" },
  { tag: [tags.operatorKeyword, tags.function(tags.variableName), tags.standard(tags.name)], color: "var(--q-keyword)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--q-variable)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--q-string)" },
  { tag: [tags.number, tags.bool, tags.literal], color: "var(--q-number)" },
  { tag: [tags.url, tags.link, tags.namespace, tags.labelName, tags.propertyName], color: "var(--q-name)" },
  { tag: tags.comment, color: "var(--ink-soft)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--plate)", fontSize: "13px", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "12px 0", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--plate)", color: "var(--ink-soft)", border: "0", paddingLeft: "6px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--q-selection)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--hover)", outline: "1px solid var(--edge)" },
  ".cm-tooltip": { backgroundColor: "var(--plate)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "8px", boxShadow: "var(--shadow)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "13px", maxHeight: "16em" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--hover)", color: "var(--ink)", boxShadow: "inset 2px 0 var(--focus)" },
  ".cm-completionDetail": { color: "var(--ink-soft)", fontStyle: "normal", fontFamily: "var(--sans)", marginLeft: "1em" },
  ".cm-completionInfo, .cm-term": { maxWidth: "340px", padding: "8px 12px", font: "13px/1.5 var(--sans)" },
  ".cm-term b": { display: "block", fontWeight: "600" },
  ".cm-diagnostic": { font: "13px/1.5 var(--sans)", padding: "6px 12px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--q-error) 1.5px", textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--q-error)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--q-error)" },
});

const insideOf = (state, at) => syntaxTree(state).resolveInner(at, -1).name;

/** Shows what a class or property under the pointer means. */
function meanings(terms) {
  const known = new Map(terms.map((one) => [one.term, one]));
  return hoverTooltip((view, at) => {
    const line = view.state.doc.lineAt(at);
    for (const match of line.text.matchAll(/[a-z][\w-]*:[\w-]+/gi)) {
      const [from, to] = [line.from + match.index, line.from + match.index + match[0].length];
      const found = known.get(match[0]);
      if (from <= at && at <= to && found?.definition) {
        const dom = document.createElement("div");
        dom.className = "cm-term";
        const head = document.createElement("b");
        head.textContent = `${found.term} (${found.kind})`;
        dom.append(head, found.definition);
        return { pos: from, end: to, above: true, create: () => ({ dom }) };
      }
    }
    return null;
  });
}

/** The first place that the grammar does not understand. */
function firstFault(state) {
  let fault = null;
  syntaxTree(state).iterate({ enter: (node) => {
    if (node.type.isError && !fault) fault = { from: node.from, to: Math.max(node.to, Math.min(node.from + 1, state.doc.length)) };
    return !fault;
  } });
  return fault;
}

/**
 * Makes an editor inside an element.
 * @param {HTMLElement} host the element.
 * @param {Object} options `{text, label, describedBy, terms, prefixes, run(), changed()}`.
 * @returns {Object} `text()`, `write(text)`, `focus()`, `mark(line, column, message)`, `unmark()`; lines and columns from 1.
 */
function create(host, { text, label, terms, prefixes, run, changed }) {
  let told = null; // what the server said of the text as it stands
  const faults = (view) => {
    if (told) return [told];
    const fault = firstFault(view.state);
    return fault && view.state.doc.length ? [{ ...fault, severity: "error", message: "Not SPARQL from here on" }] : [];
  };
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([{ key: "Ctrl-Enter", mac: "Cmd-Enter", run: () => { run(); return true; } }])),
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        new LanguageSupport(sparql),
        sparql.data.of({ commentTokens: { line: "#" } }),
        syntaxHighlighting(colours),
        autocompletion({ override: [completions(terms, prefixes, insideOf)], icons: false }),
        linter(faults, { delay: 600 }),
        meanings(terms),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          told = null;
          changed();
        }),
        look,
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    write: (now) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: now }, selection: { anchor: 0 }, scrollIntoView: true }),
    focus: () => view.focus(),
    mark: (line, column, message) => {
      const { doc } = view.state;
      const at = doc.line(Math.min(Math.max(1, line), doc.lines));
      const from = Math.min(at.from + Math.max(0, column - 1), at.to);
      const word = /^[\w?$:-]+/.exec(at.text.slice(from - at.from));
      const to = Math.min(from + (word ? word[0].length : 1), doc.length);
      told = { from: from < to ? from : Math.max(at.from, to - 1), to, severity: "error", message };
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true }, setDiagnostics(view.state, [told]));
    },
    unmark: () => {
      told = null;
      view.dispatch(setDiagnostics(view.state, faults(view)));
    },
  };
}

window.paperkgEditor = { create };
