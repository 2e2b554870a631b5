"""Imports the artifact once, as the package or, in the flat layout, the module ``python_dict`` of its directory."""

import importlib
import importlib.machinery
import os
import sys


class _SourceOnlyLoader(importlib.machinery.SourceFileLoader):
    """Compiles the source every time.

    A cached ``.pyc`` beside the source is not part of the artifact's digest, so it must never be what runs.
    """

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def load_main(root):
    """Import ``python_dict`` from ``root`` and return its ``main``.

    Raises whatever the artifact's code raises, and ``ImportError`` when there is no callable ``main``.
    """
    _ignore_caches_below(root)
    sys.path.insert(0, root)
    os.chdir(root)
    module = importlib.import_module("python_dict")
    found = os.path.realpath(module.__file__ or "")
    if not found.startswith(os.path.realpath(root) + os.sep):
        raise ImportError("python_dict was found outside the artifact: an installed package has the same name")
    main = getattr(module, "main", None)
    if not callable(main):
        raise ImportError(os.path.relpath(found, os.path.realpath(root)) + " defines no main() function")
    return main


def _ignore_caches_below(root):
    loaders = (
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (_SourceOnlyLoader, importlib.machinery.SOURCE_SUFFIXES),
        (importlib.machinery.SourcelessFileLoader, importlib.machinery.BYTECODE_SUFFIXES),
    )

    def hook(path):
        if path != root and not path.startswith(root + os.sep):
            raise ImportError
        return importlib.machinery.FileFinder(path, *loaders)

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
