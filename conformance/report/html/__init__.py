"""The report as one page that asks nobody for anything.

Why the page is made by functions and by no template engine: the matrix was tried as an autoescaped
Jinja2 template. It was a third shorter, but made in half as much time again after 60 ms of loading
and compiling; its decisions moved into properties that nothing else needs, and mypy saw none of it.
"""
