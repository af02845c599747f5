//! The options that say how a file is to be read.

use std::path::PathBuf;

use clap::ValueEnum;
use gondola_import::{
    DateOrder, DecimalSign, Encoding, Input, ReadingOptions, Rejected, TimeOfDay, Units, Zone,
};

/// A file, and how it is written.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SourceArgs {
    /// The file: CSV or one JSON object a line, plain or gzipped, or a workbook (XLSX); `-` is standard input.
    file: PathBuf,

    /// Where rejected lines go; `<name of the file>.rejected.csv` in the present folder unless given.
    ///
    /// Such a file can be corrected and imported as it is: its own columns `rejected_line`, `rejected_code` and
    /// `rejected_reason` are ignored.
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,

    /// What stands between fields, such as ';' or tab; a comma, semicolon, tab or | is found in the first line.
    #[arg(long, value_name = "SIGN", value_parser = ReadingOptions::delimiter)]
    delimiter: Option<u8>,

    /// The encoding of the text. UTF-16 is known by its byte order mark.
    #[arg(long, value_enum, default_value_t)]
    encoding: EncodingName,

    /// Which sign stands before decimals; the other one stands between thousands.
    ///
    /// Found in the file when its numbers are clear, such as 12,50 or 1.234.567. A number such as 1.000 is not, and its
    /// line is rejected.
    #[arg(long, value_enum, value_name = "SIGN")]
    decimal: Option<DecimalName>,
}

/// How the lines of a file that changes stock are understood.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct StockReadingArgs {
    /// Whether the day or the month is first in dates like 01/02/2026; found when one date of the file shows it.
    #[arg(long, value_enum, value_name = "ORDER")]
    date_order: Option<DateOrderName>,

    /// The zone of times without one, such as `America/Sao_Paulo`, UTC or -03:00.
    ///
    /// Without it they are in UTC, but counts with such times are refused.
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    time_zone: Option<Zone>,

    /// The time of day of dates without one: open (the first moment of the day), close (its last moment, at the latest
    /// now), or a time such as 18:30.
    ///
    /// Without it receipts and returns are taken at open and sales at close, so that a count of that day never makes
    /// stock look greater than it was; counts with such dates are refused.
    #[arg(long, value_name = "TIME")]
    time_of_day: Option<TimeOfDay>,

    /// How many pieces the units of measure of the file have, such as box=24,dozen=12; or the name of the column that
    /// says it.
    #[arg(long, value_name = "UNIT=PIECES,... | COLUMN")]
    units: Option<Units>,

    /// Book lines that were imported before once more, as another delivery.
    ///
    /// Without it a file with equal lines under another name is refused with exit code 3, and the lines of a basket of
    /// sales are booked once. An import with --again that was broken off goes on when it is run again.
    #[arg(long)]
    again: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum EncodingName {
    #[default]
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "windows-1252", alias = "latin-1", alias = "iso-8859-1")]
    Windows1252,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DecimalName {
    /// 1,234.5
    #[value(alias = ".")]
    Point,
    /// 1.234,5
    #[value(alias = ",")]
    Comma,
    /// Numbers are whole; points and commas both stand between thousands.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DateOrderName {
    /// 31/12/2026
    Dmy,
    /// 12/31/2026
    Mdy,
}

impl SourceArgs {
    /// The file of stores or products.
    pub(super) fn input(&self) -> Input {
        Input {
            file: self.file.clone(),
            rejected: self.rejected.clone().map_or(Rejected::Here, Rejected::File),
            reading: ReadingOptions {
                delimiter: self.delimiter,
                encoding: match self.encoding {
                    EncodingName::Utf8 => Encoding::Utf8,
                    EncodingName::Windows1252 => Encoding::Windows1252,
                },
                decimal: self.decimal.map(|sign| match sign {
                    DecimalName::Point => DecimalSign::Point,
                    DecimalName::Comma => DecimalSign::Comma,
                    DecimalName::None => DecimalSign::None,
                }),
                ..ReadingOptions::default()
            },
            again: false,
            dry_run: false,
            update: false,
            called: None,
            observer: None,
        }
    }
}

impl StockReadingArgs {
    /// A file of changes of stock.
    pub(super) fn input(&self, source: &SourceArgs) -> Input {
        let input = source.input();
        let reading = ReadingOptions {
            date_order: self.date_order.map(|order| match order {
                DateOrderName::Dmy => DateOrder::DayFirst,
                DateOrderName::Mdy => DateOrder::MonthFirst,
            }),
            time_zone: self.time_zone.clone(),
            time_of_day: self.time_of_day,
            units: self.units.clone(),
            ..input.reading
        };
        Input { reading, again: self.again, ..input }
    }
}
