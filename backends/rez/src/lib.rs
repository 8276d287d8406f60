//! From a bundle's requirements to a rez context.
