//! From a bundle's requirements to a conda environment.
