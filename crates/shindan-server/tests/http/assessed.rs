//! An assessment from the report of a scanner to the closed run, with nothing but requests.
