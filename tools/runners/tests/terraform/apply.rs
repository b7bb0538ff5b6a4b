//! Applying: exactly the countersigned plan file.
//! Run with every program there is.
//! Must never apply in another way than the exec child does.
