// The key under which spellings of one name are equal, as the library folds them.

const NOT_WORD = /[^\p{L}\p{N}+#%&]+/gu;

function singular(word) {
  if (word.length > 4 && word.endsWith("ies")) return word.slice(0, -3) + "y";
  if (word.length > 3 && word.endsWith("s") && !/(ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}

function foldWords(text) {
  const words = text.normalize("NFKC").toLowerCase().replace(NOT_WORD, " ").trim().split(" ");
  words.push(singular(words.pop()));
  return words;
}

function fold(text) {
  return foldWords(text).join("");
}
