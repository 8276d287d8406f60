//! The files that distributions come in: what their names say, and how to look into them.

pub(crate) mod archive;
pub mod sdist;
pub(crate) mod sdist_name;
pub mod wheel;
pub(crate) mod wheel_name;
