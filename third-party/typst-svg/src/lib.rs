//! In place of typst's exporter of SVG.
//!
//! typst's exporter of HTML, which the typesetter cannot be built without, draws pictures and formulas with it. Papers are made as PDF
//! only, so that nothing of it is ever called; but it brings a whole renderer of PDF files (`hayro`, `vello` and what
//! these need): fourteen packages to build and to watch, and tables with addresses that every start of the program has to set right,
//! whatever it does. Here is what `typst-html` 0.15.1 calls, and nothing is drawn. Signatures are those of typst-svg 0.15.1
//! (Typst GmbH, Apache-2.0).

use comemo::Tracked;
use ecow::EcoString;
use typst_library::foundations::Smart;
use typst_library::layout::{Abs, Frame, Point};
use typst_library::model::LateLinkResolver;
use typst_library::visualize::{Image, ImageScaling};

/// What stands where something would have been drawn.
const NOT_DRAWN: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><desc>not drawn: this program makes no SVG</desc></svg>";

/// In place of a frame of a page.
pub fn svg_in_html(
    _frame: &Frame,
    _text_size: Abs,
    _pretty: bool,
    _id: Option<&str>,
    _styles: &str,
    _anchors: &[(Point, EcoString)],
    _link_resolver: Tracked<LateLinkResolver>,
) -> String {
    NOT_DRAWN.to_owned()
}

/// As CSS says how a picture is scaled: left to the browser.
pub fn convert_image_scaling(_scaling: Smart<ImageScaling>) -> Option<&'static str> {
    None
}

/// In place of a picture.
#[derive(Debug, Clone, Hash)]
pub struct WebImage;

impl WebImage {
    /// Of a picture that is left out.
    pub fn new(_image: &Image) -> Self {
        WebImage
    }

    /// The address of a picture that holds nothing.
    pub fn to_base64_url(&self) -> EcoString {
        "data:,".into()
    }
}
