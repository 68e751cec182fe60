"""A page printed to PDF by a browser that is at hand."""

from __future__ import annotations

import os
import shutil
import subprocess

from formatpicker.base.files import program
from formatpicker.base.temporary_folders import temporary_folder
from formatpicker.errors import InputError

BROWSER_VARIABLE = "FORMATPICKER_BROWSER"
# All of one family: they print a page without a window in the same way.
BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_SECONDS = 60
# No window, no traces, no network: every name is answered as unknown.
_OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND"),
    "--no-pdf-header-footer",
)


def printed(page: str, name: str) -> bytes:
    """A page as a PDF, printed without a network in a folder that only the owner can read and that is thrown away.

    Raises:
        InputError: No browser is at hand, or it does not print.
    """
    browser = _browser(name)
    with temporary_folder() as folder:
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_text(page, "utf-8")
        options = [*_OPTIONS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            options.append("--no-sandbox")  # Chromium refuses to start for root with one
        try:
            subprocess.run([browser, *options, source.as_uri()], capture_output=True, timeout=_SECONDS, check=True)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            raise InputError(name, f"{browser} does not print it; write .html and print that from a browser") from None


def _browser(name: str) -> str:
    named = os.environ.get(BROWSER_VARIABLE)
    found = shutil.which(named) if named else program(*BROWSERS)
    if found is None:
        looked = f"{named} of {BROWSER_VARIABLE}" if named else "Chromium, Chrome or Edge"
        raise InputError(
            name, f"needs a browser, and {looked} was not found; write .html and print that from a browser"
        )
    return found
