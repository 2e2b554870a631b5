"""The persistent Python process of a worker: loads one artifact and runs its ``main()`` call by call.

Standard library alone, Python 3.9 and later. ``__main__.py`` is the entry; ``channel.py`` speaks the framed protocol.
"""
