"""The core of zhendema: from the text of an SMS to a verdict. Imports no telegram."""

__version__ = "0.1.0"
