"""The record: an append-only log of events in SQLite, or in PostgreSQL once one machine is outgrown.

``engine`` opens it, ``schema`` says what is kept; the other modules hold the statements, one subject each. No
statement knows which database runs it (``dialect`` has the one exception).
"""
