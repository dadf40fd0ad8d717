"""Training of `paperkg.extraction.neural`: from annotation files to the model files of the package."""
