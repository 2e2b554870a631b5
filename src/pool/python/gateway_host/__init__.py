"""The Python side of the pool. Standard library alone, Python 3.9 and later.

``supervisor.py`` starts and buries the processes and never runs a line of the artifact; ``loaders.py`` forks those that
import it and ``reports.py`` reads what they say; ``template.py`` has imported the artifact and forks; ``process.py`` is the
life of one process; ``serving.py`` and its siblings answer calls.
``channel.py`` speaks the framed protocol. ``src/pool/README.md`` has the drawing.
"""
