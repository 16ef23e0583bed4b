//! Every file of the genuine reports is imported or refused with a reason (issue 6, point 4).
