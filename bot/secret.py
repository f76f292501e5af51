"""The secret under which people and texts are hashed before they are stored.

It comes from ``ZHENDEMA_SECRET`` or from a file that only its owner reads, made at the first start. It is in
no database, backup or log: who has the database alone can neither name a person nor test a guess.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import TYPE_CHECKING

from bot.errors import SettingsError

if TYPE_CHECKING:
    from typing import NoReturn

VARIABLE = "ZHENDEMA_SECRET"
SHORTEST = 32
_HASH_BYTES = 16
"""128 of HMAC-SHA256's 256 bits: no collisions at any number of people, and 22 characters as base64."""
_NUMBER_BYTES = 6
"""48 bits: SQLite keeps them in six bytes, and two strangers among 16 million share one once in a million looks."""


class Secret:
    """Keyed hashes, one domain for each kind of thing, so that no hash of one kind equals one of another."""

    __slots__ = ("_key", "key_id")

    def __init__(self, value: str) -> None:
        self._key = hashlib.sha256(value.encode()).digest()
        self.key_id = self._mac("key-id", "")[:8]
        """Names the secret without telling anything about it; the database keeps it."""

    @classmethod
    def load(cls, env_value: str | None, path: Path) -> Secret:
        """The secret in force: the variable's value if it is set, else the file's, which is made if missing.

        Raises:
            SettingsError: The value is too short, or the file is unreadable, unfit or open to others.
        """
        if env_value is not None and env_value.strip():
            return cls(_long_enough(env_value.strip(), VARIABLE))
        with contextlib.suppress(FileNotFoundError):
            return cls(_read(path))
        _create(path)
        return cls(_read(path))

    def person(self, key: str) -> str:
        """The hash that stands for a person (``telegram:42``) in the database."""
        return self._mac("person", key)

    def text(self, kind: str, value: str) -> str:
        """The hash of anything else; ``kind`` keeps fingerprints, chats and sources apart."""
        return self._mac(f"text/{kind}", value)

    def number(self, kind: str, value: str) -> int:
        """A short hash for what is stored by the million and means something only where several agree."""
        return int.from_bytes(self._digest(f"number/{kind}", value)[:_NUMBER_BYTES])

    def _mac(self, domain: str, value: str) -> str:
        return urlsafe_b64encode(self._digest(domain, value)[:_HASH_BYTES]).rstrip(b"=").decode()

    def _digest(self, domain: str, value: str) -> bytes:
        message = f"zhendema/{domain}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, "sha256")

    def __repr__(self) -> str:
        return f"<Secret {self.key_id}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret does not leave its process")


def unshared(path: Path) -> str:
    """What is wrong where a shared database has its secret in a file, ``path``, and the mend."""
    return (
        f"{VARIABLE} is not set: all processes on one PostgreSQL need the same secret, so no file of one machine is "
        f"taken. After `zhendema db copy` set it to what stands in {path}; for a new record make one with: "
        "openssl rand -hex 32"
    )


def _long_enough(value: str, where: str) -> str:
    if len(value) < SHORTEST:
        raise SettingsError(
            f"{where}: the secret has {len(value)} characters, at least {SHORTEST} are needed; "
            "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    return value


def _read(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SettingsError(
            f"cannot read the secret file {path} ({error.strerror}); set {VARIABLE} or mend the path",
        ) from None
    try:
        status = os.fstat(descriptor)  # of the very file that is read
        if not S_ISREG(status.st_mode):
            raise SettingsError(f"the secret file {path} is no file; set {VARIABLE} or mend the path")
        if S_IMODE(status.st_mode) & 0o077:
            raise SettingsError(f"others may read the secret file {path}; run: chmod 600 {path}")
        content = os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
    try:
        value = content.decode().strip()
    except UnicodeDecodeError:
        raise SettingsError(f"the secret file {path} is no text; restore it from your copy") from None
    return _long_enough(value, f"the secret file {path}")


def _create(path: Path) -> None:
    """Write a new secret so that no other process ever sees half of it, and the first of two wins."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp makes it 0600
        try:
            with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123  mkstemp gives a descriptor
                file.write(secrets.token_urlsafe(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
        _sync_directory(path.parent)
    except OSError as error:
        raise SettingsError(
            f"cannot make the secret file {path} ({error.strerror}); set {VARIABLE} or make the folder writable",
        ) from None


def _sync_directory(folder: Path) -> None:
    """Make the new name survive a power cut (the databases' hashes are worthless without the secret)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
