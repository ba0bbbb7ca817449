"""The watcher: tells that something in a site's folder has changed."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

# Linux tells when a file that was written is closed: then it is whole.
_WHOLE = frozenset(("closed", "moved", "deleted"))
# What editors lay beside a file while they have it open or save it: hidden files, Vim's copies,
# Emacs' drafts, those of IntelliJ; and the file by which Vim tries whether it may write.
_PASSING = re.compile(r"\..*|.*~|#.*#|.*___jb_(?:tmp|old)___")
_TRIAL = "4913"
OnChange = Callable[[str, bool], None]


class Watcher:
    """Calls `on_change` with a file's path, relative to the root, from a thread of its own.

    It also tells whether the file is known to be whole: moved to its place, or closed by its
    writer.
    Only the named folders and the files directly in the root are watched. Use as a context
    manager.
    """

    def __init__(self, root: Path, folders: Sequence[str], on_change: OnChange) -> None:
        self._observer = Observer()
        handler = _Handler(root, frozenset(folders), on_change)
        self._observer.schedule(handler, str(root), recursive=False)
        for folder in folders:
            handler.follow(self._observer, root / folder)

    def __enter__(self) -> "Watcher":
        self._observer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._observer.stop()
        self._observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, root: Path, folders: frozenset[str], on_change: OnChange) -> None:
        self._root = root
        self._folders = folders
        self._on_change = on_change
        self._observer: BaseObserver | None = None
        self._followed: dict[Path, ObservedWatch] = {}

    def follow(self, observer: BaseObserver, folder: Path) -> None:
        """Watch a folder, once it is there; it may have taken the place of one that is gone."""
        self._observer = observer
        if folder in self._followed:
            # A watch ends with its folder, and stands in the way of another one of that name.
            observer.unschedule(self._followed.pop(folder))
        if folder.is_dir():
            self._followed[folder] = observer.schedule(self, str(folder), recursive=True)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """A watched file was made, changed, moved or deleted."""
        if event.event_type in ("opened", "closed_no_write"):
            return
        if event.is_directory and event.event_type == "modified":
            return  # What changed in it is told of by itself.
        for name in (event.src_path, event.dest_path):
            path = self._relative(name)
            if path:
                self._on_change(path, event.event_type in _WHOLE)

    def _relative(self, name: bytes | str) -> str:
        """The path from the root; empty for what is no part of the site."""
        text = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
        try:
            parts = Path(text).relative_to(self._root).parts if text else ()
        except ValueError:
            return ""
        if not parts or any(map(_PASSING.fullmatch, parts)) or parts[-1] == _TRIAL:
            return ""
        if len(parts) == 1:
            if parts[0] in self._folders:
                assert self._observer is not None
                self.follow(self._observer, self._root / parts[0])
                return parts[0]
            return parts[0] if parts[0].endswith(".toml") else ""
        return "/".join(parts) if parts[0] in self._folders else ""
