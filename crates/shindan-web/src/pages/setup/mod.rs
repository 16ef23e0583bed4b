//! The first start: six pages, one question each, which can be gone back to and gone on with after a pause.
//!
//! Until there are records, every address leads here, and only who has the code that `serve` printed goes on: nobody else on the
//! network sets the server up. From the fourth page on, the first person is logged in.

pub(crate) mod after;
pub(crate) mod before;
pub(crate) mod door;
