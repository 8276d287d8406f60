//! The nouns and rules of AYON: bundles, addons, launchers, hosts, targets, and the server's judgement.
