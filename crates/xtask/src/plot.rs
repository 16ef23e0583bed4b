//! Plots as SVG: both axes logarithmic, so that a cost that grows with the work is a straight line as steep as the dashed one.

use std::path::Path;

use plotters::prelude::*;

use crate::Failure;

/// A line of a plot.
#[derive(Debug)]
pub struct Line {
    /// As the legend calls it.
    pub name: String,
    /// Work and cost, both above zero.
    pub points: Vec<(f64, f64)>,
}

/// A plot.
#[derive(Debug)]
pub struct Plot {
    /// Above it.
    pub title: String,
    /// What the work is.
    pub x: &'static str,
    /// In which unit the costs are.
    pub y: &'static str,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Told apart without colours, too, by their marks.
const COLOURS: [RGBColor; 3] = [RGBColor(0, 90, 180), RGBColor(190, 80, 0), RGBColor(90, 60, 160)];

impl Plot {
    /// Writes it.
    ///
    /// # Errors
    /// When there is nothing to draw, or the file cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), Failure> {
        let mut svg = String::new();
        self.draw(&mut svg).map_err(|error| format!("{}: {error}", file.display()))?;
        std::fs::write(file, svg)?;
        Ok(())
    }

    fn draw(&self, svg: &mut String) -> Result<(), Failure> {
        let all = || self.lines.iter().flat_map(|line| &line.points).copied();
        let least = |of: fn((f64, f64)) -> f64| all().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn((f64, f64)) -> f64| all().map(of).fold(0.0, f64::max);
        let (left, right) = (least(|point| point.0), most(|point| point.0));
        let (low, high) = (least(|point| point.1) / 1.5, most(|point| point.1) * 1.5);
        if !(left > 0.0 && right > left && low > 0.0 && high.is_finite()) {
            return Err("there is nothing to draw".into());
        }
        let area = SVGBackend::with_string(svg, (760, 460)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(&self.title, ("sans-serif", 18))
            .margin(12)
            // Half of the last number of the axis stands beyond its end.
            .margin_right(48)
            .x_label_area_size(42)
            .y_label_area_size(70)
            .build_cartesian_2d((left..right).log_scale(), (low..high).log_scale())?;
        chart
            .configure_mesh()
            .x_desc(self.x)
            .y_desc(self.y)
            .x_label_formatter(&|number| written(*number))
            .y_label_formatter(&|number| written(*number))
            .light_line_style(WHITE)
            .draw()?;
        // As steep as the work, from the first point of the first line on.
        if let Some((x, y)) = self.lines.first().and_then(|line| line.points.last()).copied() {
            let from = (left, (y * left / x).max(low));
            let from = (from.1 * x / y, from.1);
            chart
                .draw_series(DashedLineSeries::new([from, (x, y)], 4, 4, BLACK.mix(0.5).stroke_width(1)))?
                .label("as the work")
                .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], BLACK.mix(0.5)));
        }
        for (number, line) in self.lines.iter().enumerate() {
            let colour = COLOURS[number % COLOURS.len()];
            let mark = move |(x, y): (i32, i32)| {
                EmptyElement::at((x, y)) + PathElement::new([(0, 0), (18, 0)], colour.stroke_width(2))
            };
            chart
                .draw_series(LineSeries::new(line.points.iter().copied(), colour.stroke_width(2)))?
                .label(&line.name)
                .legend(mark);
            let size = 3 + number as i32;
            match number {
                0 => {
                    chart.draw_series(line.points.iter().map(|at| Circle::new(*at, size, colour.filled())))?
                }
                1 => chart.draw_series(
                    line.points.iter().map(|at| Cross::new(*at, size, colour.stroke_width(2))),
                )?,
                _ => chart.draw_series(
                    line.points.iter().map(|at| TriangleMarker::new(*at, size, colour.filled())),
                )?,
            };
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.9))
            .border_style(BLACK.mix(0.2))
            .draw()?;
        area.present()?;
        Ok(())
    }
}

/// As a person writes it: `1,000`, `0.5`.
fn written(number: f64) -> String {
    // A tenth three times over is no 0.3; six digits are more than an axis shows.
    let text = format!("{number:.5e}").parse::<f64>().unwrap_or(number).to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut written = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            written.push(',');
        }
        written.push(digit);
    }
    if let Some(fraction) = fraction {
        written.push('.');
        written.push_str(fraction);
    }
    written
}

/// The exponent of the power by which cost grows with work: the slope of the straight line through the logarithms.
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    if points.len() < 2 || points.iter().any(|(x, y)| *x <= 0.0 || *y <= 0.0) {
        return None;
    }
    let logarithms: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let count = logarithms.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| logarithms.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (mut above, mut below) = (0.0, 0.0);
    for (a, b) in logarithms {
        above += (a - x) * (b - y);
        below += (a - x) * (a - x);
    }
    (below > 0.0).then(|| above / below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents() {
        let power = |of: f64| [10.0_f64, 30.0, 100.0].map(|x| (x, 7.0 * x.powf(of)));
        for of in [0.0, 0.5, 1.0, 2.0] {
            assert!((exponent(&power(of)).unwrap() - of).abs() < 1e-9);
        }
        assert_eq!(exponent(&[(1.0, 1.0)]), None);
        assert_eq!(exponent(&[(1.0, 0.0), (2.0, 1.0)]), None);
        assert_eq!(exponent(&[(2.0, 1.0), (2.0, 3.0)]), None);
    }

    #[test]
    fn numbers_as_a_person_writes_them() {
        let told = [
            (0.5, "0.5"),
            (0.1 * 3.0, "0.3"),
            (2.0, "2"),
            (300.0, "300"),
            (1000.0, "1,000"),
            (1e6, "1,000,000"),
        ];
        for (number, text) in told {
            assert_eq!(written(number), text);
        }
    }

    #[test]
    fn a_plot_names_its_lines_and_refuses_to_draw_nothing() {
        let line = |name: &str, factor: f64| Line {
            name: name.to_owned(),
            points: vec![(1e3, factor), (1e4, factor * 9.0), (1e6, factor * 800.0)],
        };
        let plot = |lines| Plot { title: "growth".into(), x: "components", y: "ms", lines };
        let mut svg = String::new();
        plot(vec![line("wall", 2.0), line("memory", 9.0), line("who", 5.0)]).draw(&mut svg).unwrap();
        for text in ["growth", "components", "wall", "memory", "who", "as the work", "100,000"] {
            assert!(svg.contains(text), "{text}");
        }
        assert!(plot(Vec::new()).draw(&mut String::new()).is_err());
    }
}
