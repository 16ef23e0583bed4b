//! Pictures of whole pages, in `SHINDAN_SHOTS` or else in a temporary folder.

use std::path::PathBuf;

use fantoccini::Client;
use serde_json::json;

use crate::Outcome;
use crate::browser::devtools;

/// The folder of the pictures.
pub fn folder() -> PathBuf {
    std::env::var_os("SHINDAN_SHOTS")
        .map_or_else(|| std::env::temp_dir().join("shindan-e2e-shots"), PathBuf::from)
}

/// Keeps the whole page, not only what fits the window, as NAME.png.
pub async fn keep(client: &Client, name: &str) -> Outcome {
    let layout = devtools(client, "Page.getLayoutMetrics", json!({})).await?;
    let size = |side: &str| layout["cssContentSize"][side].as_f64().unwrap_or(720.0);
    let clip =
        json!({ "x": 0, "y": 0, "width": size("width"), "height": size("height").min(6000.0), "scale": 1 });
    let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
    let got = devtools(client, "Page.captureScreenshot", wanted).await?;
    let picture = from_base64(got["data"].as_str().unwrap_or_default())?;
    let path = folder().join(format!("{name}.png"));
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    std::fs::create_dir_all(folder()).map_err(told)?;
    std::fs::write(&path, picture).map_err(told)
}

/// The bytes that a base64 text stands for (RFC 4648, section 4).
pub fn from_base64(text: &str) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err("not base64".to_owned()),
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Ok(bytes)
}
