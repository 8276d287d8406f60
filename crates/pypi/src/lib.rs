//! Python's own words: distribution names, PEP 440 versions and sets, markers, and the requirement grammars.
