"""What a browser sees of a server: explorer, query editor, and a page for each resource of the graph."""
