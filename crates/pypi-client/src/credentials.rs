//! Names and passwords, each sent to one host and shown to nobody.
