//! Where a studio's facts come from: a server, a folder of addon packages, or a snapshot file.
