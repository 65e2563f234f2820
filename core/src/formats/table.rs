//! A table as a person downloads it: CSV with Japanese column names, of medicines, expenses, doses or checkups. No format of
//! the portal's own files is public, so columns are known by name (`terms/data/self-information-items.tsv`); columns and rows
//! that nobody knows are kept. What is read and refused is told in `docs/formats/table-csv.md`.

mod columns;

use std::borrow::Cow;

use columns::{day_of, is_of_health, kind_named, kind_of, meaning};

use super::{
    Fault, FormatError, FormatId, Reading, Refusal,
    budget::Budget,
    encoding,
    my_number::{is_label, is_labelled_in, is_twelve_digits},
    qualification::union,
    self_information::{
        draft::{Draft, Leaf},
        sex, value,
    },
};
use crate::{
    base::{fold, limits},
    record::{Body, Concept, Event, Fact, Standing, Subject},
    terms::{Kind, Meaning, self_information_item},
};

/// Version of the reader; raised whenever the same bytes would give other records, also by another edition of the names.
pub const PARSER: u32 = 1;

/// How many rows may stand before the names of the columns.
const PREAMBLE: usize = 24;
/// How many columns a table may have.
const COLUMNS: usize = 512;
/// How a row of sums begins.
const SUMS: [&str; 6] = ["合計", "小計", "総計", "計", "合計額", "総合計"];
/// A column of our own CSV, which is for spreadsheets and is not read back.
const OUR_OWN: [&str; 2] = ["文書内の場所", "place in document"];

/// Reads the bytes of one table.
pub fn read(bytes: &[u8]) -> Result<Reading, FormatError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "the file".to_owned() });
    }
    let text =
        encoding::decode(bytes, None).ok_or_else(|| FormatError::Malformed { place: "line 1".to_owned(), fault: Fault::Encoding })?;
    let rows = rows(&text)?;
    refuse_my_number(&rows)?;
    let mut table = Table::default();
    for row in rows {
        table.row(row)?;
    }
    let Table { events, refused, subjects, kept, .. } = table;
    let mut events = events;
    if !kept.is_empty() {
        let title = "表のほかの行".to_owned();
        events.push(Event { kind: Kind::Other, day: None, title, place: None, signature: None, facts: kept });
    }
    if events.is_empty() && refused.is_empty() {
        return Err(FormatError::Empty);
    }
    Ok(Reading { format: FormatId::Table, parser: PARSER, subject: union(&subjects)?, source: None, events, refused })
}

/// Whether text is a table with columns that this reader knows: looks at the first rows only.
pub(super) fn is_layout(head: &str) -> bool {
    let Ok(rows) = rows(head) else { return false };
    let mut table = Table::default();
    for row in rows.into_iter().take(PREAMBLE) {
        if table.is_head(&row) {
            table.columns = row.cells;
            return table.is_ours();
        }
        table.title_of(&row);
    }
    false
}

/// One row with the line it begins in.
struct Row {
    line: usize,
    cells: Vec<String>,
}

impl Row {
    fn filled(&self) -> impl Iterator<Item = &String> {
        self.cells.iter().filter(|cell| !cell.is_empty())
    }
}

/// The rows of a text, by the delimiter that parts the most cells of its first lines.
fn rows(text: &str) -> Result<Vec<Row>, FormatError> {
    let count = |delimiter: u8| text.lines().take(PREAMBLE).flat_map(str::bytes).filter(|byte| *byte == delimiter).count();
    let delimiter = [b',', b'\t', b';'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| FormatError::Malformed { place: format!("line {line}"), fault: Fault::Syntax })? {
        // The library's own count is behind by the line ends and blank lines before the record.
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(counted);
        let before = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += text.get(counted..start + before).map_or(0, |between| between.bytes().filter(|byte| *byte == b'\n').count());
        counted = start + before;
        if record.len() > COLUMNS {
            return Err(FormatError::Limit { what: "columns", place: format!("line {line}") });
        }
        if rows.len() >= limits::FACTS {
            return Err(FormatError::Limit { what: "records", place: format!("line {line}") });
        }
        rows.push(Row { line, cells: record.iter().map(|cell| cell.trim_matches(['\u{FEFF}', '\u{3000}', ' ']).to_owned()).collect() });
    }
    Ok(rows)
}

/// A 個人番号 is labelled by the name of its column, by the cell before it, or in words.
fn refuse_my_number(rows: &[Row]) -> Result<(), FormatError> {
    let mut labelled: Vec<bool> = Vec::new();
    for row in rows {
        for (column, cell) in row.cells.iter().enumerate() {
            let before = column.checked_sub(1).and_then(|before| row.cells.get(before));
            let is_number = is_twelve_digits(cell);
            let is_named = labelled.get(column).copied().unwrap_or(false) || before.is_some_and(|before| is_label(before));
            if (is_number && is_named) || is_labelled_in(cell) {
                return Err(FormatError::MyNumber { place: format!("line {}, column {}", row.line, column + 1) });
            }
            if is_label(cell) {
                labelled.resize(labelled.len().max(column + 1), false);
                if let Some(labelled) = labelled.get_mut(column) {
                    *labelled = true;
                }
            }
        }
    }
    Ok(())
}

/// The table while it is being read.
#[derive(Default)]
struct Table {
    columns: Vec<String>,
    /// What stands above the columns: 薬剤情報.
    title: Option<String>,
    kind: Option<Kind>,
    events: Vec<Event>,
    refused: Vec<Refusal>,
    subjects: Vec<(String, Subject)>,
    kept: Vec<Fact>,
    budget: Budget,
}

impl Table {
    fn row(&mut self, row: Row) -> Result<(), FormatError> {
        if row.filled().next().is_none() {
            // A blank line ends a table: below it another one may begin.
            self.columns.clear();
            return Ok(());
        }
        if self.is_head(&row) {
            self.columns = row.cells;
            self.kind = self.title.as_deref().and_then(kind_named).or_else(|| kind_of(&self.columns));
            return Ok(());
        }
        if self.columns.is_empty() {
            return self.above(&row);
        }
        if row.filled().next().is_some_and(|first| SUMS.contains(&fold(first).as_str())) {
            // A sum is no expense of its own.
            return self.keep(format!("line {}", row.line), "合計の行".to_owned(), &row.cells.join(","));
        }
        self.below(&row)
    }

    /// Whether a row names columns: most of its cells are names we know, and none is a value.
    fn is_head(&self, row: &Row) -> bool {
        let is_value = |cell: &String| value::date(cell).is_some() || cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        // Nearly every row ends here.
        if row.filled().any(is_value) {
            return false;
        }
        let filled = row.filled().count();
        let known = row.filled().filter(|cell| self_information_item(cell).is_some()).count();
        let says_health = row.filled().filter(|cell| meaning(cell).is_some_and(is_of_health)).count();
        // Two cells are a name and its value (氏名, 花子) rather than two names, unless both are known.
        let enough = if self.columns.is_empty() { known * 3 >= filled } else { known * 3 >= filled * 2 };
        known > 1 && says_health > 0 && enough
    }

    /// Whether the columns are of a table of ours: measurements of one's own alone are read with a mapping.
    fn is_ours(&self) -> bool {
        let is_own = self.columns.iter().any(|column| OUR_OWN.contains(&fold(column).as_str()) || OUR_OWN.contains(&column.as_str()));
        !is_own && (self.title.as_deref().and_then(kind_named).is_some() || kind_of(&self.columns).is_some())
    }

    fn title_of(&mut self, row: &Row) {
        let mut filled = row.filled();
        if let (Some(only), None) = (filled.next(), filled.next()) {
            let kind = kind_named(only);
            if kind.is_some() || self.title.is_none() {
                self.title = Some(only.clone());
            }
        }
    }

    /// A row above the columns: a title, whom the table is about, or something to keep.
    fn above(&mut self, row: &Row) -> Result<(), FormatError> {
        let filled: Vec<&String> = row.filled().collect();
        let at = format!("line {}", row.line);
        match filled.as_slice() {
            [only] => {
                self.title_of(row);
                if kind_named(only).is_none() {
                    self.keep(at, "表の上の行".to_owned(), only)?;
                }
            }
            [name, words] => match meaning(name) {
                Some(Meaning::Withheld) => {}
                Some(Meaning::Name | Meaning::Kana | Meaning::Born | Meaning::Sex) => {
                    self.about_words(&at, &[(name.as_str(), words.as_str())]);
                }
                _ => self.keep(at, (*name).clone(), words)?,
            },
            // 氏名,手帳 花子,生年月日,1972-04-15
            pairs if pairs.len() % 2 == 0 && pairs.chunks(2).all(|pair| pair.first().is_some_and(|name| meaning(name).is_some())) => {
                let pairs = pairs.chunks(2).filter_map(|pair| Some((pair.first()?.as_str(), pair.get(1)?.as_str())));
                let pairs: Vec<(&str, &str)> = pairs.collect();
                self.about_words(&at, &pairs);
                for (name, words) in pairs.into_iter().filter(|(name, _)| meaning(name).is_some_and(is_of_health)) {
                    self.keep(format!("{at}/{name}"), name.to_owned(), words)?;
                }
            }
            _ => self.keep(at, "表の上の行".to_owned(), &row.cells.join(","))?,
        }
        Ok(())
    }

    fn below(&mut self, row: &Row) -> Result<(), FormatError> {
        let at = format!("line {}", row.line);
        let columns = std::mem::take(&mut self.columns);
        let cells: Vec<(Cow<'_, str>, &String)> = row
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(place, cell)| match columns.get(place).filter(|name| !name.is_empty()) {
                Some(name) => (Cow::Borrowed(name.as_str()), cell),
                None => (Cow::Owned(format!("列{}", place + 1)), cell),
            })
            .collect();
        let pairs: Vec<(&str, &str)> = cells.iter().map(|(name, cell)| (name.as_ref(), cell.as_str())).collect();
        self.about_words(&at, &pairs);
        let mut draft = Draft::new(self.kind, self.title.clone().unwrap_or_default(), day_of(&pairs));
        for (name, cell) in &pairs {
            self.budget.take(1, name.len() + at.len(), &at)?;
            draft.leaves.push(Leaf::of_cell(name, cell, format!("{at}/{name}")));
        }
        let events = draft.events(&mut self.refused);
        drop(pairs);
        self.columns = columns;
        for event in events {
            self.file(event);
        }
        Ok(())
    }

    /// Rows of one day and institution are one event, but for doses and expenses.
    fn file(&mut self, event: Event) {
        let is_single = matches!(event.kind, Kind::Vaccination | Kind::Expense | Kind::Other);
        match self.events.last_mut() {
            Some(last)
                if !is_single
                    && last.kind == event.kind
                    && last.day == event.day
                    && last.place == event.place
                    && last.title == event.title =>
            {
                last.facts.extend(event.facts);
            }
            _ => self.events.push(event),
        }
    }

    fn about_words(&mut self, at: &str, pairs: &[(&str, &str)]) {
        let mut about = Subject::default();
        for (name, words) in pairs {
            match meaning(name) {
                Some(Meaning::Name | Meaning::Kana) => about.names.push((*words).to_owned()),
                Some(Meaning::Born) => {
                    about.born = value::date(words).map(|(day, _)| day);
                    if about.born.is_none() {
                        let place = format!("{at}/{name}");
                        let reason = FormatError::Malformed { place: place.clone(), fault: Fault::Date };
                        self.refused.push(Refusal { place, reason });
                    }
                }
                Some(Meaning::Sex) => about.sex = sex(words),
                _ => {}
            }
        }
        // Every row of a long table says it again.
        if about != Subject::default() && self.subjects.iter().all(|(_, known)| *known != about) {
            self.subjects.push((at.to_owned(), about));
        }
    }

    fn keep(&mut self, at: String, title: String, words: &str) -> Result<(), FormatError> {
        self.budget.take(1, title.len(), &at)?;
        let words = super::fhir::without_insurance_lines(words).trim().to_owned();
        if !words.is_empty() {
            let concept = Concept::text(title.clone());
            let standing = Standing::NotUnderstood;
            self.kept.push(Fact { kind: Kind::Other, title, concept, when: None, body: Body::Note(words), at, said_by: None, standing });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::record::Expense;

    #[test]
    fn a_table_is_known_by_its_columns_and_not_by_chance() {
        for head in [
            "診療年月,医療機関名,自己負担額\n2024年5月,みほん,1200",
            "\u{FEFF}医療費通知情報\r\n氏名,手帳 花子\r\n\r\n診療年月,医療機関等名称,医療費の総額,窓口負担額\r\n",
            "接種日\tワクチン名\tロット番号\n",
            "調剤年月日;薬剤名;数量\n",
            "健診受診日,身長,体重\n",
        ] {
            assert!(is_layout(head), "{head}");
        }
        for head in ["氏名,手帳", "日付,体重", "測定日,最高血圧,最低血圧", "a,b,c", "", "氏名,生年月日\n手帳 花子,1972-04-15"]
        {
            assert!(!is_layout(head), "{head}");
        }
    }

    #[test]
    fn an_expense_is_one_event_a_row_and_a_column_nobody_knows_is_kept() {
        let text = "診療年月,医療機関名,診療区分,日数,医療費の総額,自己負担額,先の列\n2024年5月,\"みほん, 内科\",外来,2日,\"12,340円\",\"3,700\",甲\n";
        let reading = read(text.as_bytes()).unwrap();
        assert_eq!(reading.events.len(), 1);
        let event = &reading.events[0];
        assert_eq!(
            (event.kind, event.place.as_deref(), event.day.unwrap().to_string().as_str()),
            (Kind::Expense, Some("みほん, 内科"), "2024-05")
        );
        let decimal = |text: &str| Some(text.parse().unwrap());
        let wanted = Expense {
            total: decimal("12340"),
            own_share: decimal("3700"),
            days: decimal("2"),
            class: Some("外来".to_owned()),
            ..Expense::default()
        };
        assert_eq!(event.facts[0].body, Body::Expense(wanted));
        assert_eq!((event.facts[1].title.as_str(), event.facts[1].standing), ("先の列", Standing::NotUnderstood));
    }

    #[test]
    fn a_number_in_a_labelled_column_or_beside_its_label_refuses_the_whole() {
        for text in [
            "診療年月,自己負担額,個人番号\n2024-05,100,123456789018\n",
            "マイナンバー,１２３４－５６７８－９０１８\n診療年月,自己負担額\n2024-05,100\n",
            "診療年月,自己負担額,備考\n2024-05,100,個人番号は1234 5678 9018\n",
        ] {
            assert!(matches!(read(text.as_bytes()), Err(FormatError::MyNumber { .. })), "{text}");
        }
        assert!(read("診療年月,自己負担額,ロット番号\n2024-05,100,123456789018\n".as_bytes()).is_ok());
    }
}
