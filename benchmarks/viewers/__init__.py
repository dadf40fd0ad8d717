"""Pages of other viewers that show the graph which our page shows."""
