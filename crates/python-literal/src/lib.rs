//! Reads the literal part of a Python file as data, without ever executing it.
