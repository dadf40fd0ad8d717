"""The viewer: one self-contained page, and a plain pyvis network."""

from paperkg.html.answer import render_answer
from paperkg.html.page import page_policy, render_frame, render_page
from paperkg.html.plain import render_pyvis

__all__ = ["page_policy", "render_answer", "render_frame", "render_page", "render_pyvis"]
