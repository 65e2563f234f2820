//! Copies what is still readable of a damaged vault into a new one, row by row and around the pages that are not.

use std::collections::VecDeque;

use rusqlite::{Connection, types::Value};

use super::{VaultError, connection::unreadable};

/// `SQLCipher` gives a connection up at the first page whose HMAC does not fit, so each bad place costs one opening.
const MOST_OPENINGS: usize = 4000;

/// What could be saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Rows copied.
    pub rows: u64,
    /// Tables of which some rows could not be read.
    pub incomplete: Vec<String>,
}

/// A table as our own migrations made it in the new vault.
struct Table {
    name: String,
    columns: Vec<String>,
    /// Columns of the primary key; empty when rows have a rowid.
    key: Vec<String>,
}

/// Copies every ordinary table that both vaults have. `meta` is the new vault's own, and full-text tables are derived.
pub(super) fn copy_readable(new: &mut Connection, reopen: impl Fn() -> Result<Connection, VaultError>) -> Result<Salvaged, VaultError> {
    let tables = tables(new)?;
    // Rows may arrive before the rows they refer to; SQLite ignores this pragma inside a transaction.
    new.execute_batch("PRAGMA foreign_keys = OFF")?;
    let mut salvaged = Salvaged::default();
    for mut table in tables {
        table.keep_known(&reopen()?)?;
        let tx = new.transaction()?;
        let (rows, is_complete) = Copier { table: &table, new: &tx, reopen: &reopen, openings: 0, rows: 0 }.copy()?;
        tx.commit()?;
        salvaged.rows += rows;
        if !is_complete {
            salvaged.incomplete.push(table.name);
        }
    }
    new.execute_batch("PRAGMA foreign_keys = ON")?;
    Ok(salvaged)
}

/// How a walk over rowids went.
struct Walk {
    copied: bool,
    /// The first rowid not read, when there was one.
    stumbled_at: Option<i64>,
}

struct Copier<'a, F> {
    table: &'a Table,
    new: &'a Connection,
    reopen: &'a F,
    openings: usize,
    rows: u64,
}

impl<F: Fn() -> Result<Connection, VaultError>> Copier<'_, F> {
    fn copy(mut self) -> Result<(u64, bool), VaultError> {
        let is_complete = if self.table.key.is_empty() { self.copy_by_rowid()? } else { self.copy_by_key()? };
        Ok((self.rows, is_complete))
    }

    /// Upwards to a bad page, in growing steps over it, and back down to it from the far side; what then still lies
    /// between two bad places is searched in ever smaller pieces.
    fn copy_by_rowid(&mut self) -> Result<bool, VaultError> {
        let mut between = VecDeque::new();
        let mut walk = self.copy_range(i64::MIN, i64::MAX, false)?;
        let is_complete = walk.stumbled_at.is_none();
        while let Some(bad) = walk.stumbled_at {
            // Rowids begin at 1; before them there is nothing to step over.
            let bad = bad.max(1);
            let Some((start, next)) = self.step_over(bad)? else { break };
            let back = self.copy_range(bad, start - 1, true)?;
            between.extend(back.stumbled_at.map(|before| (bad, before)));
            walk = next;
        }
        self.search(between)?;
        Ok(is_complete)
    }

    /// Tries 1, 2, 4, … rowids further until something is readable again; `None` when nothing is up to the end.
    fn step_over(&mut self, bad: i64) -> Result<Option<(i64, Walk)>, VaultError> {
        for power in 0..63 {
            let Some(start) = bad.checked_add(1 << power).filter(|_| self.openings < MOST_OPENINGS) else { break };
            let walk = self.copy_range(start, i64::MAX, false)?;
            if walk.copied || walk.stumbled_at.is_none() {
                return Ok(Some((start, walk)));
            }
        }
        Ok(None)
    }

    fn search(&mut self, mut gaps: VecDeque<(i64, i64)>) -> Result<(), VaultError> {
        while let Some((low, high)) = gaps.pop_front() {
            if self.openings >= MOST_OPENINGS {
                break;
            }
            let Some(after) = self.copy_range(low, high, false)?.stumbled_at else { continue };
            let Some(before) = self.copy_range(after, high, true)?.stumbled_at else { continue };
            if after < before {
                let middle = after + (before - after) / 2;
                gaps.extend([(after, middle), (middle + 1, before)]);
            }
        }
        Ok(())
    }

    /// Copies a range upwards or downwards, to its end or to the first rowid that cannot be read.
    fn copy_range(&mut self, low: i64, high: i64, downwards: bool) -> Result<Walk, VaultError> {
        self.openings += 1;
        let old = (self.reopen)()?;
        let (mut next, mut copied) = (if downwards { high } else { low }, false);
        let is_readable = self.copy_rows(&old, &self.table.select_by_rowid(downwards), &[Value::from(low), Value::from(high)], |row| {
            if let Some(Value::Integer(rowid)) = row.first() {
                next = if downwards { rowid.saturating_sub(1) } else { rowid.saturating_add(1) };
                copied = true;
            }
        })?;
        Ok(Walk { copied, stumbled_at: if is_readable { None } else { Some(next) } })
    }

    /// Without rowids there is no place to go on from: from both ends only.
    fn copy_by_key(&mut self) -> Result<bool, VaultError> {
        let up = self.copy_rows(&(self.reopen)()?, &self.table.select_by_key(false), &[], |_| {})?;
        if !up {
            self.copy_rows(&(self.reopen)()?, &self.table.select_by_key(true), &[], |_| {})?;
        }
        Ok(up)
    }

    /// Copies the rows of a query until it ends (`true`) or stumbles (`false`).
    fn copy_rows(&mut self, old: &Connection, select: &str, bounds: &[Value], mut seen: impl FnMut(&[Value])) -> Result<bool, VaultError> {
        // A table that an older schema does not have is not a loss.
        let mut statement = match old.prepare(select) {
            Ok(statement) => statement,
            Err(error) => return if self.is_absent(old)? { Ok(true) } else { readable(error).map(|()| false) },
        };
        let width = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(bounds))?;
        let mut insert = self.new.prepare_cached(&self.table.insert())?;
        loop {
            match rows.next() {
                Ok(None) => return Ok(true),
                Ok(Some(row)) => {
                    let values = (0..width).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>()?;
                    seen(&values);
                    // A row that breaks a rule of the table was not ours: leave it out, go on.
                    self.rows += insert.execute(rusqlite::params_from_iter(&values)).unwrap_or(0) as u64;
                }
                Err(error) => return readable(error).map(|()| false),
            }
        }
    }

    fn is_absent(&self, old: &Connection) -> Result<bool, VaultError> {
        let found: i64 = old
            .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1", [&self.table.name], |row| row.get(0))
            .map_err(unreadable)?;
        Ok(found == 0)
    }
}

/// Damage is what we came for; anything else, such as a full disk, ends the salvage.
fn readable(error: rusqlite::Error) -> Result<(), VaultError> {
    match unreadable(error) {
        VaultError::VaultDamaged => Ok(()),
        other => Err(other),
    }
}

/// The ordinary tables of the new vault. Their names come from our own migrations and from nowhere else, which is why
/// statements may be put together from them: a table's name cannot be a parameter.
fn tables(new: &Connection) -> Result<Vec<Table>, VaultError> {
    let mut list = new.prepare(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'meta' ORDER BY name",
    )?;
    let named = list.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)))?.collect::<Result<Vec<_>, _>>()?;
    let mut columns = new.prepare("SELECT name, pk FROM pragma_table_xinfo(?1) WHERE hidden = 0 ORDER BY cid")?;
    let mut tables = Vec::new();
    for (name, has_no_rowid) in named {
        let found =
            columns.query_map([&name], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?.collect::<Result<Vec<_>, _>>()?;
        let mut key: Vec<_> = found.iter().filter(|(_, place)| has_no_rowid && *place > 0).collect();
        key.sort_by_key(|(_, place)| *place);
        let key = key.into_iter().map(|(column, _)| column.clone()).collect();
        tables.push(Table { name, columns: found.into_iter().map(|(column, _)| column).collect(), key });
    }
    Ok(tables)
}

impl Table {
    /// Leaves out columns that an older schema does not have: in quotation marks they would be read as words.
    fn keep_known(&mut self, old: &Connection) -> Result<(), VaultError> {
        let known = old
            .prepare("SELECT name FROM pragma_table_xinfo(?1)")
            .and_then(|mut columns| columns.query_map([&self.name], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>());
        match known {
            // A table that is not there has no columns, and is dealt with where its rows are read.
            Ok(known) if known.is_empty() => Ok(()),
            Ok(known) => {
                self.columns.retain(|column| known.contains(column));
                Ok(())
            }
            Err(error) => readable(error),
        }
    }

    fn select_by_rowid(&self, downwards: bool) -> String {
        let mut sql = String::from("SELECT rowid");
        self.columns.iter().for_each(|column| push_parts(&mut sql, &[", "], column));
        push_parts(&mut sql, &[" FROM "], &self.name);
        sql.push_str(" WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid");
        sql.push_str(if downwards { " DESC" } else { " ASC" });
        sql
    }

    fn select_by_key(&self, downwards: bool) -> String {
        let mut sql = String::from("SELECT ");
        push_list(&mut sql, &self.columns, "");
        push_parts(&mut sql, &[" FROM "], &self.name);
        sql.push_str(" ORDER BY ");
        push_list(&mut sql, &self.key, if downwards { " DESC" } else { " ASC" });
        sql
    }

    fn insert(&self) -> String {
        let mut sql = String::from("INSERT OR IGNORE INTO ");
        push_parts(&mut sql, &[], &self.name);
        sql.push_str(if self.key.is_empty() { " (rowid, " } else { " (" });
        push_list(&mut sql, &self.columns, "");
        sql.push_str(") VALUES (?");
        let count = self.columns.len() + usize::from(self.key.is_empty());
        (1..count).for_each(|_| sql.push_str(", ?"));
        sql.push(')');
        sql
    }
}

/// Appends `names`, separated by commas, each followed by `after`.
fn push_list(sql: &mut String, names: &[String], after: &str) {
    for (place, name) in names.iter().enumerate() {
        push_parts(sql, if place > 0 { &[", "] } else { &[] }, name);
        sql.push_str(after);
    }
}

/// Appends `before` and then `name` as a quoted identifier.
fn push_parts(sql: &mut String, before: &[&str], name: &str) {
    sql.extend(before.iter().copied());
    sql.push('"');
    sql.push_str(&name.replace('"', "\"\""));
    sql.push('"');
}
