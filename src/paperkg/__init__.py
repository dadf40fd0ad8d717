"""paperkg turns a pile of paper abstracts into a knowledge graph whose edges lead to the words they rest on."""

__version__ = "0.1.0"
