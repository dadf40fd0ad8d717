"""The trained recogniser of mentions; its run time needs onnxruntime, its training torch."""

from paperkg.extraction.neural.recognizer import LABELS, Recognizer, SpanScore, input_text

__all__ = ["LABELS", "Recognizer", "SpanScore", "input_text"]
