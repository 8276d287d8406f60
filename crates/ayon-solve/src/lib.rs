//! The solver core: one neutral universe of packages and candidates, solved to a resolution or a conflict.
