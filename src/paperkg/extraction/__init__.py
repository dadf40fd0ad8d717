"""From a paper to what its text says: one spaCy pipeline, and the step from its Doc to an Extraction."""
