"""How the numbers of a metric compare: which way is better, and on which scale."""

from __future__ import annotations

import re

from paperkg.model import Result
from paperkg.text.fold import fold_words

_LOWER_WORDS = frozenset({
    "bias", "consumption", "cost", "delay", "deviation", "discrepancy", "distance", "divergence", "energy",
    "entropy", "error", "flop", "forgetting", "gap", "hallucination", "jitter", "latency", "loss", "mac",
    "memory", "nll", "overhead", "parameter", "perplexity", "regret", "risk", "runtime", "staleness", "time",
    "toxicity", "violation",
})  # fmt: skip
_LOWER_NAMES = frozenset({
    "ade", "asd", "assd", "bpb", "bpc", "bpd", "brisque", "cd", "cer", "cmmd", "crps", "der", "dists",
    "ece", "eer", "emd", "epe", "fde", "fid", "fnr", "fpr", "fpr95", "fvd", "hd", "hd95", "kid",
    "kl", "lpips", "mae", "mape", "mce", "mmd", "mpjpe", "mse", "msle", "niqe", "nll", "nmse",
    "nrmse", "pehe", "per", "ppl", "rmse", "rmsle", "sad", "shd", "sid", "smape", "ter", "tpot", "ttft",
    "wer",
})  # fmt: skip
_HIGHER_WORDS = frozenset({
    "acceptance", "correlation", "gain", "improvement", "reduction", "robustness", "saving", "savings",
    "similarity", "speedup", "success",
})  # fmt: skip
_FRACTIONS = frozenset({
    "acc", "accuracy", "agreement", "auc", "auprc", "auroc", "coverage", "dice", "em", "exact", "f-score",
    "f1", "f1-score", "hit", "hits", "iou", "map", "match", "miou", "mrr", "ndcg", "pass", "precision",
    "r2", "rate", "ratio", "recall", "roc-auc", "sensitivity", "specificity", "ssim", "top-1", "top-5",
})  # fmt: skip
_LOWER_RATES = frozenset({
    "attack", "error", "failure", "false", "hallucination", "missing", "refusal", "rejection", "violation",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_PASS_AT = re.compile(r"(?:pass|hit|hits|recall|precision|ndcg|map|acc|r|p)@\d{1,6}")


def lower_is_better(name: str) -> bool:
    """Whether a smaller value of the metric of that name is the better one; decided by the name alone."""
    words = set(fold_words(name))
    if words & _HIGHER_WORDS:
        return False
    if "rate" in words:
        return bool(words & _LOWER_RATES)
    # an abbreviation in capitals, also within one (minADE): `per` alone is a word
    abbreviations = {
        "".join(c for c in word if c.isupper() or c.isdigit()).lower() for word in _WORD.findall(name)
    }
    return bool(words & _LOWER_WORDS) or bool(abbreviations & _LOWER_NAMES)


def is_fraction(name: str) -> bool:
    """Whether the metric of that name lies between 0 and 1, or 0 % and 100 %."""
    lowered = name.casefold().strip()
    words = set(fold_words(name)) | set(lowered.split())
    return bool(_FRACTIONS & words) or _PASS_AT.fullmatch(lowered) is not None


def score(result: Result) -> float:
    """The number of a result on the scale on which results of its metric compare.

    Percentages become fractions: 95%, 0.95 and, of a metric that is a fraction, a bare 95 are all 0.95.
    """
    if result.unit == "%":
        percent = True
    else:
        percent = not result.unit and bool(result.metric) and is_fraction(result.metric or "")
        percent = percent and 1 < abs(result.number) <= 100
    return round(result.number / 100, 12) if percent else result.number
