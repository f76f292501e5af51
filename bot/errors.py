"""Everything that zhendema raises on purpose.

ZhendemaError
├── SettingsError   a setting (environment variable) is missing or malformed
├── DataError       a data file is malformed; names file, place and mend
└── StoreError      the database cannot be used
    └── SecretError the secret does not belong to this database
"""

from __future__ import annotations


class ZhendemaError(Exception):
    """Base of all; the command line prints it as one line."""


class SettingsError(ZhendemaError):
    """A setting is missing or malformed. The message names the variable and the mend."""


class DataError(ZhendemaError):
    """A data file is malformed. The message names the file, the place in it and the mend."""


class StoreError(ZhendemaError):
    """The database cannot be used."""


class SecretError(StoreError):
    """The secret in force is not the one that this database was written with."""
