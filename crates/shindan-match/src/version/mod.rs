//! Version order per scheme, as order-preserving byte keys.
