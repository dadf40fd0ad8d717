"""The server: a SPARQL endpoint whose queries run in limited processes, and the pages beside it.

`keeper.py` and `worker.py` are those processes; they import nothing of the web server. `app.py` puts the parts
together.
"""
