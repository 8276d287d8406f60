//! From a bundle's requirements to a venv's lock file.
