//! A paper: what a report says, in one language, before it has a form. Written as page, PDF, spreadsheet or rows, it says the
//! same in each of them.
//!
//! A report is made as a [`Paper`] by a function that gets its data and [`Words`](crate::words::Words); writers know nothing of
//! what it is about. To add a report: such a function, and its name in `shindan_app::records::reports`.
//!
//! Invariants, stated as absences: no writer leaves a block out, none shortens a text; a colour ([`Tone`]) never says what does
//! not stand in words beside it.

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// What it is called: `収集実施記録`.
    pub title: String,
    /// What it is about: month, system, plan.
    pub subject: String,
    /// Where, when and from what it was made, one line each.
    pub about: Vec<String>,
    /// What a reader must know before trusting it; empty if nothing.
    pub cautions: Vec<String>,
    /// Its contents in reading order.
    pub blocks: Vec<Block>,
    /// How it lies on paper.
    pub layout: Layout,
}

/// How a paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// A4, upright.
    #[default]
    Portrait,
    /// A4, lying: for wide tables.
    Landscape,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; 1 is the highest level below the title.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// Labelled values, one below the other.
    Facts(Vec<(String, Cell)>),
    /// A table.
    Table(Table),
    /// Fields to be signed or stamped by hand: what each is for.
    Signatures(Vec<String>),
    /// What follows begins on a new page.
    NewPage,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it shows; in a workbook the name of its sheet.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// What is said where it has no rows.
    pub empty: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its share of the width, beside those of the others.
    pub share: u8,
    /// Whether it holds numbers, which are set to the right.
    pub numbers: bool,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The text; lines are kept.
    pub text: String,
    /// Its colour.
    pub tone: Tone,
}

/// What a colour says, beside the text that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// Immediate, or blocked.
    Immediate,
    /// Out of cycle, or overdue.
    Late,
    /// Scheduled.
    Scheduled,
    /// Deferred, or closed.
    Quiet,
    /// Undetermined.
    Undetermined,
    /// Proven.
    Proven,
}

impl Tone {
    /// Its name in style sheets and in `docs/`.
    pub fn as_str(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Immediate => "immediate",
            Tone::Late => "late",
            Tone::Scheduled => "scheduled",
            Tone::Quiet => "quiet",
            Tone::Undetermined => "undetermined",
            Tone::Proven => "proven",
        }
    }
}

impl Column {
    /// A column of texts.
    pub fn text(title: impl Into<String>, share: u8) -> Column {
        Column { title: title.into(), share, numbers: false }
    }

    /// A column of numbers.
    pub fn number(title: impl Into<String>, share: u8) -> Column {
        Column { title: title.into(), share, numbers: true }
    }
}

impl Cell {
    /// A text with a colour.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        Cell { text: text.into(), tone }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell { text: text.into(), tone: Tone::Plain }
    }
}

impl Paper {
    /// A paper without contents.
    pub fn new(title: impl Into<String>, subject: impl Into<String>) -> Paper {
        Paper { title: title.into(), subject: subject.into(), ..Paper::default() }
    }

    /// Adds a part.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Its tables.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }
}
