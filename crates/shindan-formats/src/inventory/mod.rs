//! Inventories of every format, recognised from their content.
