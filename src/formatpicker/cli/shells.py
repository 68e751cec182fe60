"""Completion on Tab: the scripts for bash, zsh and fish, and putting them where the shell finds them."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from formatpicker.errors import InputError

BASH = """\
_formatpicker_completion() {
    local found word
    COMPREPLY=()
    if ! found=$(_FORMATPICKER_COMPLETE=complete_bash _TYPER_COMPLETE_ARGS="${COMP_LINE:0:COMP_POINT}" \\
        "$1" 2>/dev/null); then
        compopt +o default 2>/dev/null
    fi
    while IFS= read -r word; do
        [ -z "$word" ] || COMPREPLY+=("$word")
    done <<<"$found"
    case ${COMPREPLY[0]} in *=) compopt -o nospace 2>/dev/null ;; esac
}
complete -o default -F _formatpicker_completion formatpicker
"""

ZSH = """\
#compdef formatpicker
_formatpicker_completion() {
    local found line code
    local -a words_ shown_ keys_ keys_shown_
    found=$(_FORMATPICKER_COMPLETE=complete_zsh _TYPER_COMPLETE_ARGS="${words[1,CURRENT]}" "${words[1]}" 2>/dev/null)
    code=$?
    if [[ -z $found ]]; then
        (( code )) || _files
        return
    fi
    for line in ${(f)found}; do
        if [[ ${line%%$'\\t'*} == *= ]]; then
            keys_+=("${line%%$'\\t'*}")
            keys_shown_+=("${line/$'\\t'/  -- }")
        else
            words_+=("${line%%$'\\t'*}")
            shown_+=("${line/$'\\t'/  -- }")
        fi
    done
    (( $#words_ )) && compadd -l -d shown_ -- $words_
    (( $#keys_ )) && compadd -l -S '' -d keys_shown_ -- $keys_
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _formatpicker_completion formatpicker
"""

FISH = """\
function __formatpicker_completion
    set -lx _FORMATPICKER_COMPLETE complete_fish
    set -lx _TYPER_COMPLETE_ARGS (commandline -cp)
    set -l found (formatpicker 2>/dev/null)
    set -l code $status
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else if test $code -eq 0
        __fish_complete_path (commandline -ct)
    end
end
complete --command formatpicker --no-files --arguments '(__formatpicker_completion)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def shell_in_use() -> str:
    """The shell that started the program, else the one that ``SHELL`` names.

    Raises:
        InputError: It is none that completion is made for.
    """
    import shellingham

    try:
        name = str(shellingham.detect_shell()[0])
    except (shellingham.ShellDetectionFailure, OSError):
        name = ""
    name = name if name in SCRIPTS else Path(os.environ.get("SHELL", "")).name
    if name not in SCRIPTS:
        raise InputError("completion", f"is made for {', '.join(SCRIPTS)}; start one of them, or set SHELL to it")
    return name


def installed(shell: str) -> Path:
    """Put the script of a shell in its place, and tell the shell once where it is; the file that holds the script.

    Raises:
        InputError: A file or folder of it cannot be written.
    """
    from formatpicker.base.new_file import write_private

    script, settings = _places(shell)
    try:
        script.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(str(script.parent), f"cannot be made ({error.strerror or error})") from error
    write_private(script, SCRIPTS[shell])
    if settings is not None:
        _add_line(settings, f"[ ! -r {shlex.quote(str(script))} ] || . {shlex.quote(str(script))}")
    return script


def _places(shell: str) -> tuple[Path, Path | None]:
    """Where the script goes, and the settings of the shell that must name it; fish looks for scripts by itself."""
    if shell == "fish":
        return _folder("XDG_CONFIG_HOME", ".config") / "fish" / "completions" / "formatpicker.fish", None
    script = _folder("XDG_DATA_HOME", ".local/share") / "formatpicker" / f"completion.{shell}"
    return script, _folder("ZDOTDIR", ".") / ".zshrc" if shell == "zsh" else _folder("", ".") / ".bashrc"


def _folder(variable: str, otherwise: str) -> Path:
    try:
        return Path(os.environ.get(variable) or Path.home() / otherwise)
    except RuntimeError:
        raise InputError("completion", "there is no home folder to install it in; set HOME") from None


def _add_line(file: Path, line: str) -> None:
    """Add a line at the end of a file that is not ours: nothing in it is read as text, moved or written again."""
    try:
        with file.open("ab+") as stream:
            stream.seek(0)
            before = stream.read()
            if line.encode() not in before.splitlines():
                stream.write(b"\n" * bool(before and not before.endswith(b"\n")) + line.encode() + b"\n")
    except OSError as error:
        raise InputError(str(file), f"cannot be written ({error.strerror or error})") from error
