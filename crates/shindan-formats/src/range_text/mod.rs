//! Version text in Japanese and English, parsed to ranges. What cannot be parsed is *undetermined*, never "all".
