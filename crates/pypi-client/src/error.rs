//! What can go wrong between a solve and the world.
