//! Keys, states and sealed answers are gone from the pages themselves when a fetch has ended. Encrypted pages would hide
//! what is left in them, so the very same statements run on a plain file here and its bytes are searched.

use rusqlite::{Connection, params};

use super::*;
use crate::vault::{connection::begin_engine, fetch_rows, migrate};

/// What is kept of a fetch, by the number of the fetch.
type Found = BTreeSet<(u8, &'static str)>;

const KINDS: [&str; 5] = ["permit", "salts", "privat", "sealed", "states"];

/// Bytes that can be found again: `<sealed007><sealed007>…`
fn marked(kind: &str, fetch: u8, length: usize) -> Vec<u8> {
    format!("<{kind}{fetch:03}>").into_bytes().into_iter().cycle().take(length).collect()
}

/// Every mark in the file, once the log has been cut.
fn marks(connection: &Connection, home: &std::path::Path) -> Found {
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let bytes = std::fs::read_dir(home).unwrap().flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect::<Vec<u8>>();
    let mark = |place: usize| {
        let rest = &bytes[place + 1..];
        let kind = KINDS.into_iter().find(|kind| rest.starts_with(kind.as_bytes()))?;
        let number = rest.get(kind.len()..kind.len() + 3)?;
        Some((std::str::from_utf8(number).ok()?.parse().ok()?, kind))
    };
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'<').filter_map(|(place, _)| mark(place)).collect()
}

/// The same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

fn begin(connection: &Connection, number: u8, numbers: &mut Numbers) {
    let consent = id(number);
    let sql = "INSERT INTO fetches (consent, person, permitted, salt, begun, expires, state) VALUES (?1, ?2, ?3, ?4, '', '', ?5)";
    let permitted = marked("permit", number, 100 + numbers.below(900));
    let salt = marked("salts", number, 32);
    connection.execute(sql, params![consent.as_bytes(), number, permitted, salt, marked("states", number, 100)]).unwrap();
    for round in 0..3_u16 {
        let sql = "INSERT INTO fetch_keys (consent, round, private) VALUES (?1, ?2, ?3)";
        connection.execute(sql, params![consent.as_bytes(), round, marked("privat", number, 32)]).unwrap();
    }
}

/// The life of a vault in which many fetches run at once, so that the trees have several pages and are balanced. Ends
/// when something of a fetch that `remove` let go can be found, or after 1 600 steps; the running ones are whole then.
fn life(remove: impl Fn(&Connection, ConsentId)) -> Found {
    let home = tempfile::tempdir().unwrap();
    begin_engine().unwrap();
    let mut connection = Connection::open(home.path().join("plain")).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA synchronous = OFF").unwrap();
    migrate::migrate(&mut connection, migrate::MIGRATIONS).unwrap();
    let mut numbers = Numbers(9);
    let (mut running, mut next) = (Vec::new(), 1_u8);
    for _ in 0..1600 {
        match numbers.below(10) {
            0 | 1 if next < 250 && running.len() < 30 => {
                begin(&connection, next, &mut numbers);
                running.push(next);
                next += 1;
            }
            2 if !running.is_empty() => {
                remove(&connection, id(running.swap_remove(numbers.below(running.len()))));
                let stray: Found = marks(&connection, home.path()).into_iter().filter(|(number, _)| !running.contains(number)).collect();
                if !stray.is_empty() {
                    return stray;
                }
            }
            3 if !running.is_empty() => {
                let number = running[numbers.below(running.len())];
                let sql = "INSERT OR REPLACE INTO fetch_sealed (consent, round, leg, sealed) VALUES (?1, 0, 2, ?2)";
                let sealed = marked("sealed", number, 500 + numbers.below(20_000));
                connection.execute(sql, params![id(number).as_bytes(), sealed]).unwrap();
            }
            _ if !running.is_empty() => {
                let number = running[numbers.below(running.len())];
                let state = marked("states", number, 50 + numbers.below(3500));
                connection.execute("UPDATE fetches SET state = ?2 WHERE consent = ?1", params![id(number).as_bytes(), state]).unwrap();
            }
            _ => {}
        }
    }
    assert!(next > 100 && running.len() > 10, "{next} fetches, {} running", running.len());
    for number in &running {
        let (state, keys): (Vec<u8>, i64) = connection
            .query_row(
                "SELECT state, (SELECT count(*) FROM fetch_keys WHERE fetch_keys.consent = fetches.consent) FROM fetches WHERE consent = ?1",
                [id(*number).as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        let whole = marked("states", *number, state.len());
        assert_eq!((state, keys), (whole, 3));
    }
    fetch_rows::remove_all(&connection).unwrap();
    marks(&connection, home.path())
}

#[test]
fn nothing_of_a_fetch_that_ended_is_left_in_any_byte_of_the_file_and_others_are_whole() {
    assert_eq!(life(|connection, id| fetch_rows::remove(connection, id).unwrap()), Found::new());
}

/// Why the tables are emptied whole. It is rare: of 39 lives such as this one, three left something behind. This is one.
#[test]
fn deleting_the_rows_alone_would_leave_some_of_it() {
    let stray = life(|connection, id| {
        for sql in [
            "DELETE FROM fetches WHERE consent = ?1",
            "DELETE FROM fetch_keys WHERE consent = ?1",
            "DELETE FROM fetch_sealed WHERE consent = ?1",
        ] {
            connection.execute(sql, [id.as_bytes()]).unwrap();
        }
    });
    assert!(!stray.is_empty());
}
