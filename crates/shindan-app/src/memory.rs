//! Memory of the process.

/// Gives back to the system what the allocator keeps for later: after much was read once and little of it is kept. Does nothing
/// where the allocator is not that of glibc.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        #[allow(unsafe_code)]
        // SAFETY: declared as in malloc.h of glibc: `int malloc_trim(size_t)`.
        unsafe extern "C" {
            fn malloc_trim(keep: usize) -> std::ffi::c_int;
        }
        #[allow(unsafe_code)]
        // SAFETY: it may be called at any time from any thread, and touches no memory that is in use (malloc_trim(3)).
        let _whether_any = unsafe { malloc_trim(0) };
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_in_use_stays() {
        let kept: Vec<Vec<u8>> = (0..1_000).map(|number| vec![number as u8; 1_000]).collect();
        drop((0..1_000).map(|number| vec![number as u8; 10_000]).collect::<Vec<_>>());
        super::give_back();
        assert!(kept.iter().enumerate().all(|(number, one)| one.iter().all(|byte| *byte == number as u8)));
    }
}
