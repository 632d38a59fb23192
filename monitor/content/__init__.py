"""Decoding of bodies, identifiers, search. Pure."""
