//! Documents of mixed kinds made by counting: checkups, dispensing as the insurance tells it and as a pharmacy's table does,
//! laboratory results, expenses and doses. Every second dispensing is told twice, so that there is something to reconcile.

use std::fmt::Write as _;

use chrono::{Datelike as _, Days, NaiveDate};

use crate::synthetic::{self, Numbers};

/// Visits of one document, and what was dispensed, tested or paid at each: five years of the insurance's answer and of a
/// pharmacy's table, two years of a hospital's laboratory, a year's notice of expenses, the doses of a childhood.
const DISPENSED: (u64, u64) = (60, 5);
const TESTED: (u64, u64) = (24, 20);
const PAID: (u64, u64) = (12, 5);
const DOSES: (u64, u64) = (20, 2);
/// Days over which the documents of a kind are spread: fifty years.
const DAYS: u64 = 18_000;

/// The document number `number` of the notebook of a person with everything: as large as
/// its source makes it, its kind by turn.
pub fn document(number: u64) -> Vec<u8> {
    let (turn, of_kind) = (number % 6, number / 6);
    match turn {
        0 => synthetic::report(of_kind),
        1 => dispensing(of_kind).into_bytes(),
        2 => table_of_medicines(of_kind).into_bytes(),
        3 => laboratory(of_kind).into_bytes(),
        4 => expenses(of_kind).into_bytes(),
        _ => doses(of_kind).into_bytes(),
    }
}

/// The days of a document's visits, four weeks apart, the newest first.
fn days(number: u64, visits: u64) -> impl Iterator<Item = NaiveDate> {
    let newest = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap_or_default() - Days::new(number * 53 % DAYS);
    (0..visits).map(move |visit| newest - Days::new(visit * 28))
}

fn drug(number: u64) -> String {
    format!("見本の薬{}錠5mg", number % 300)
}

fn dispensing(number: u64) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XmlMsg><MessageHeader><ResultCode>1</ResultCode><QuaInf><Name>手帳　花子</Name>\
         <KanaName>テチョウ　ハナコ</KanaName><Birth>19720415</Birth><AdmGendCode>2</AdmGendCode></QuaInf></MessageHeader><MessageBody>\n",
    );
    for (visit, day) in (0..).zip(days(number, DISPENSED.0)) {
        let (month, date) = (day.format("%Y%m"), day.format("%Y%m%d"));
        let _ = write!(
            xml,
            "<MeTrMonthInf><DiOrg>1</DiOrg><MeTrDiHCd>1319999999</MeTrDiHCd><MeTrDiHNm>みほん薬局 駅前店</MeTrDiHNm>\
             <PrlsHNm>みほん内科クリニック</PrlsHNm><MeTrMonth>{month}</MeTrMonth><PrIsOrg>2</PrIsOrg><InOut>2</InOut>\
             <DiDateInfs><DiDateInf><DiDate>{date}</DiDate><DrugInfs>"
        );
        for one in 0..DISPENSED.1 {
            let drug = drug(number + visit * DISPENSED.1 + one);
            let _ = write!(
                xml,
                "<DrugInf><DrugN>{drug}</DrugN><Qua1>1</Qua1><Unit>錠</Unit><UsageN>１日１回朝食後服用</UsageN><Times>28</Times>\
                 <MeTrIdCl>21</MeTrIdCl></DrugInf>"
            );
        }
        xml.push_str("</DrugInfs></DiDateInf></DiDateInfs></MeTrMonthInf>\n");
    }
    xml.push_str("</MessageBody></XmlMsg>\n");
    xml
}

/// Of an even number the same dispensing once more, as the pharmacy tells it; of an odd one another pharmacy's.
fn table_of_medicines(number: u64) -> String {
    let place = if number.is_multiple_of(2) { "みほん薬局 駅前店" } else { "見本薬局 本店" };
    let mut csv = String::from("調剤年月日,薬局名,薬剤名,用法,1日量,単位,調剤数量,剤形,処方医療機関名\n");
    for (visit, day) in (0..).zip(days(number, DISPENSED.0)) {
        for one in 0..DISPENSED.1 {
            let drug = drug(number + visit * DISPENSED.1 + one);
            let _ = writeln!(csv, "{day},{place},{drug},1日1回朝食後,1,錠,28,内服,みほん内科クリニック");
        }
    }
    csv
}

fn laboratory(number: u64) -> String {
    let mut numbers = Numbers::new(number);
    let tests = [("HbA1c(NGSP)", "%"), ("AST", "U/L"), ("ALT", "U/L"), ("クレアチニン", "mg/dL")];
    let visits: Vec<String> = days(number, TESTED.0)
        .map(|day| {
            let own = (1..).map(|one| (format!("見本の検査{one}"), "mg/dL"));
            let results: Vec<String> = tests
                .iter()
                .map(|(name, unit)| ((*name).to_owned(), *unit))
                .chain(own)
                .zip(0..TESTED.1)
                .map(|((name, unit), _)| {
                    let value = format!("{}.{}", 4 + numbers.below(30), numbers.below(10));
                    format!("{{\"検査項目\":\"{name}\",\"結果値\":\"{value}\",\"単位\":\"{unit}\"}}")
                })
                .collect();
            format!("{{\"採取日\":\"{day}\",\"検査結果\":[{}]}}", results.join(","))
        })
        .collect();
    format!("{{\"見本総合病院\":{{\"検体検査情報\":[{}]}}}}\n", visits.join(","))
}

fn expenses(number: u64) -> String {
    let mut numbers = Numbers::new(number);
    let mut csv = String::from(
        "医療費通知情報\n氏名,手帳　花子,生年月日,昭和47年4月15日\n\n診療年月,医療機関・薬局名,診療区分,日数（回数）,医療費の総額（円）,窓口負担額（円）\n",
    );
    for day in days(number, PAID.0) {
        for one in 0..PAID.1 {
            let total = 100 * (10 + numbers.below(900));
            let (year, month) = (day.year(), day.month());
            let _ = writeln!(csv, "{year}年{month}月,みほん医院{one},医科外来,{},{total},{}", 1 + one, total * 3 / 10);
        }
    }
    csv
}

fn doses(number: u64) -> String {
    let mut csv = String::from("接種日\tワクチン名\tロット番号\t接種回数\t接種区分\t実施機関\n");
    for (visit, day) in (0..).zip(days(number, DOSES.0)) {
        for one in 0..DOSES.1 {
            let _ = writeln!(csv, "{day}\t見本のワクチン{one}\tLT{number}{visit}\t{}\t任意\tみほん小児科", visit + 1);
        }
    }
    csv
}
