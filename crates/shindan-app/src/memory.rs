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

/// Has the allocator ask the system for memory in large pieces: for a process that fills much of it, reads on, and ends. Each thread
/// otherwise asks for a few pages at a time, which was 8 % of the time of building a large knowledge base. What is asked for and not
/// touched takes no memory, but what is freed is kept. Does nothing where the allocator is not that of glibc.
///
/// To be called before other threads are started. From then on, pieces of 128 KiB and more are always mapped by themselves
/// (mallopt(3), `M_TOP_PAD`).
pub fn take_in_large_pieces() {
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    {
        /// `M_TOP_PAD` of malloc.h: bytes asked for beyond what is needed.
        const BEYOND_NEED: std::ffi::c_int = -2;
        /// As much as the allocator reserves for a thread at once (`HEAP_MAX_SIZE`).
        const PIECE: std::ffi::c_int = 64 << 20;
        #[allow(unsafe_code)]
        // SAFETY: declared as in malloc.h of glibc: `int mallopt(int, int)`.
        unsafe extern "C" {
            fn mallopt(parameter: std::ffi::c_int, value: std::ffi::c_int) -> std::ffi::c_int;
        }
        #[allow(unsafe_code)]
        // SAFETY: sets one number under the lock of the main heap, which other threads may read meanwhile; memory that is in use stays as
        // it is. Where it is refused, memory is asked for as before.
        let _whether_taken = unsafe { mallopt(BEYOND_NEED, PIECE) };
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_in_use_stays() {
        super::take_in_large_pieces();
        let kept: Vec<Vec<u8>> = (0..1_000).map(|number| vec![number as u8; 1_000]).collect();
        drop((0..1_000).map(|number| vec![number as u8; 10_000]).collect::<Vec<_>>());
        super::give_back();
        assert!(kept.iter().enumerate().all(|(number, one)| one.iter().all(|byte| *byte == number as u8)));
    }
}
