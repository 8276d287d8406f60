//! Resolves the environment of an AYON bundle: the library a bootstrapper embeds, and the program.
