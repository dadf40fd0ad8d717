// What may stand at the cursor: prefixes, classes and properties of the graph, keywords, the query's own variables.

import { snippetCompletion } from "@codemirror/autocomplete";

const KEYWORDS = `SELECT ASK CONSTRUCT DESCRIBE WHERE PREFIX DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES
  GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET AS IN NOT EXISTS FROM NAMED UNDEF true false`.split(/\s+/);
const FUNCTIONS = `COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI ABS CEIL FLOOR ROUND
  CONCAT STRLEN UCASE LCASE CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER SUBSTR REPLACE REGEX YEAR MONTH DAY NOW COALESCE IF
  SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC`.split(/\s+/);

const WORDS = [
  ...KEYWORDS.map((label) => ({ label, type: "keyword", boost: -20 })),
  ...FUNCTIONS.map((label) => snippetCompletion(label + "(${})", { label, type: "function", boost: -30 })),
];

/** The nodes of the grammar in which nothing is completed. */
const CLOSED = /^(?:Comment|String|IriRef)$/;

const variables = (text) => [...new Set(text.match(/[?$]\w+/g) || [])];

/**
 * A source of completions.
 * @param {Array} terms `{term, kind: "class" | "property", label, definition}`, term as `pkg:uses`.
 * @param {Object} prefixes namespace by prefix.
 * @param {Function} insideOf the name of the grammar's node at a place.
 */
export function completions(terms, prefixes, insideOf) {
  const known = terms.map(({ term, kind, label, definition }) => ({
    label: term,
    type: kind,
    detail: label && label.replaceAll(" ", "_") !== term.split(":")[1].toLowerCase() ? label : "",
    info: definition || undefined,
  }));
  const heads = Object.entries(prefixes).map(([prefix, namespace]) => ({ label: `${prefix}:`, type: "namespace", detail: namespace, boost: -5 }));
  return (context) => {
    const word = context.matchBefore(/[?$]?[\w-]*(?::[\w-]*)?$/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (CLOSED.test(insideOf(context.state, context.pos))) return null;
    const typed = word.text;
    if (/^[?$]/.test(typed)) {
      const others = variables(context.state.sliceDoc(0, word.from) + " " + context.state.sliceDoc(word.to));
      return { from: word.from, options: others.map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ };
    }
    const before = context.state.sliceDoc(Math.max(0, word.from - 60), word.from);
    if (/\bPREFIX\s+$/i.test(before)) {
      const lines = Object.entries(prefixes).map(([prefix, namespace]) => ({ label: `${prefix}:`, apply: `${prefix}: <${namespace}>`, type: "namespace", detail: namespace }));
      return { from: word.from, options: lines };
    }
    const wantsClass = /(?:\sa|rdf:type)\s+$/.test(before);
    const options = known.map((one) => ({ ...one, boost: (one.type === "class") === wantsClass ? 10 : wantsClass ? -10 : 0 }));
    return { from: word.from, options: typed.includes(":") ? options : [...options, ...heads, ...WORDS], validFor: /^[\w:-]*$/ };
  };
}
