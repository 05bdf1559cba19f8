"""Static files that come out of an installed package."""

import bootstrap_wrapper
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import Error
from django.core.files.storage import FileSystemStorage


class BootstrapFinder(BaseFinder):
    """Hand out Bootstrap's stylesheet, and nothing else of the nine megabytes around it."""

    # The manifest storage looks for the source map that the stylesheet names.
    files = ("css/bootstrap.min.css", "css/bootstrap.min.css.map")
    prefix = "bootstrap"

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = FileSystemStorage(location=bootstrap_wrapper.get_bootstrap_dir())
        self.storage.prefix = self.prefix  # collectstatic puts the files in this folder

    def check(self, **kwargs):
        return [
            Error(f"Bootstrap file missing: {name}", id="waymark.E002")
            for name in self.files
            if not self.storage.exists(name)
        ]

    def find(self, path, find_all=False, **kwargs):
        folder, _, name = path.partition("/")
        if folder != self.prefix or name not in self.files:
            return []
        location = self.storage.path(name)
        return [location] if find_all else location

    def list(self, ignore_patterns):
        return ((name, self.storage) for name in self.files)
