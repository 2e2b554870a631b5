"""Imports the artifact once: the package or, in the flat layout, the module ``python_dict`` of its directory.

Components of the artifact are modules of the same directory, and find one another as they do in the whole artifact.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import sys

ARTIFACT = "python_dict"


class _SourceOnlyLoader(importlib.machinery.SourceFileLoader):
    """Compiles the source every time.

    A cached ``.pyc`` beside the source is not part of the artifact's digest, so it must never be what runs.
    """

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def prepare(root):
    """Make ``root`` the directory from which modules are imported and files are opened."""
    _ignore_caches_below(root)
    sys.path.insert(0, root)
    os.chdir(root)


def load_main(root, path):
    """Import a module of ``root``, which is prepared, and return its ``main``.

    ``path``: relative to ``root``, with ``/`` and without ``/__init__.py`` or ``.py``. Raises whatever the artifact's
    code raises, and ``ImportError`` when there is no callable ``main``.
    """
    name = path.replace("/", ".")
    module = _import_by_file(root, path) if "." in path else importlib.import_module(name)
    found = os.path.realpath(module.__file__ or "")
    if not found.startswith(os.path.realpath(root) + os.sep):
        raise ImportError(name + " was found outside the artifact: an installed package has the same name")
    main = getattr(module, "main", None)
    if not callable(main):
        raise ImportError(os.path.relpath(found, os.path.realpath(root)) + " defines no main() function")
    return main


def _import_by_file(root, path):
    """The module of a folder with a dot in its name, such as ``fico_band.1.0``, which no import statement can name."""
    package = os.path.join(root, path, "__init__.py")
    file = package if os.path.isfile(package) else os.path.join(root, path + ".py")
    name = path.replace("/", "_").replace(".", "_")
    within = [os.path.dirname(file)] if file == package else None
    loader = _SourceOnlyLoader(name, file)
    spec = importlib.util.spec_from_file_location(name, file, loader=loader, submodule_search_locations=within)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


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
