"""The use cases: what a person or a group can do with zhendema, whatever the messenger.

``open_service`` in ``service`` is the way in, ``types`` what goes in and comes out; the other modules hold
one use case each.
"""
