//! The one thread that talks to the network.
