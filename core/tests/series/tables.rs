//! Tables by a mapping, and Health Connect.

use techo_core::{
    formats::{
        Detected, FormatError, FormatId, Unread, detect, health_connect,
        measurements::{self, Mapping, Question},
    },
    record::SampleDay,
};

const PRESSURE: &str = "測定日時,最高血圧(mmHg),最低血圧(mmHg),脈拍,メモ\r\n2026/05/03 7:12,131,84,62,朝\r\n2026/05/03 21:40,\"125\",79,60,\r\n昨日,120,80,60,\r\n2026/05/04 7:10,測定不能,80,,\r\n";

fn days(bytes: &[u8], mapping: &Mapping) -> Vec<SampleDay> {
    measurements::read(bytes, mapping).unwrap().days.iter().collect()
}

#[test]
fn a_mapping_is_proposed_from_headings_in_either_encoding() {
    let (shift_jis, ..) = encoding_rs::SHIFT_JIS.encode(PRESSURE);
    let with_mark = format!("\u{feff}{PRESSURE}");
    for bytes in [PRESSURE.as_bytes(), &shift_jis, with_mark.as_bytes()] {
        assert_eq!(detect(bytes), Detected::Document(FormatId::Measurements));
        let proposal = measurements::propose(bytes).unwrap();
        assert_eq!(
            proposal.mapping.to_string(),
            "\"moment\" = \"測定日時\"\n\"systolic\" = \"最高血圧(mmHg)\"\n\"diastolic\" = \"最低血圧(mmHg)\"\n\"heart-rate\" = \"脈拍\"\n"
        );
        assert_eq!((proposal.questions.len(), proposal.count, proposal.rows.len()), (0, 4, 3));
        assert_eq!(proposal.rows[0].values[0].1, "131");
        let reading = measurements::read(bytes, &proposal.mapping).unwrap();
        assert_eq!(reading.samples, 7, "three readable rows, one value of them none");
        let refused: Vec<_> = reading.refused.iter().map(|refusal| refusal.place.as_str()).collect();
        assert_eq!(refused, ["line 4", "line 5"]);
    }
}

#[test]
fn the_key_of_a_device_does_not_depend_on_its_rows() {
    let other = "測定日時,最高血圧(mmHg),最低血圧(mmHg),脈拍,メモ\n2027/01/01 7:00,1,1,1,\n";
    assert_eq!(measurements::propose(PRESSURE.as_bytes()).unwrap().key, measurements::propose(other.as_bytes()).unwrap().key);
}

#[test]
fn dates_that_can_be_two_days_and_values_that_cannot_be_in_their_unit_are_asked_about() {
    let table = "Date,Weight (kg)\n5/3/2026,62500\n5/4/2026,62400\n";
    let proposal = measurements::propose(table.as_bytes()).unwrap();
    assert!(matches!(&proposal.questions[0], Question::DateOrder { example } if example == "5/3/2026"));
    assert!(matches!(&proposal.questions[1], Question::Unit { heading, example, .. } if heading == "Weight (kg)" && example == "62500"));
    let answered: Mapping = "date=Date,body-weight:g=Weight (kg),order=mdy".parse().unwrap();
    assert!(measurements::with_mapping(table.as_bytes(), &answered).unwrap().questions.is_empty());
    let read = days(table.as_bytes(), &answered);
    assert_eq!(
        (read[0].day.to_string(), read[0].samples[0].value.as_str(), read[0].samples[0].written.as_deref()),
        ("2026-05-03".to_owned(), "62.5", Some("62500 g"))
    );
    // Unanswered, nothing is guessed: the rows are refused.
    let unanswered = measurements::read(table.as_bytes(), &proposal.mapping).unwrap();
    assert_eq!((unanswered.samples, unanswered.refused.len()), (0, 2));
}

#[test]
fn a_mapping_names_columns_whose_headings_mean_nothing_to_us() {
    let table = "機器: X\nA;B;C\n令和8年5月3日;午後7時12分;12,345歩\n";
    assert_ne!(detect(table.as_bytes()), Detected::Document(FormatId::Measurements));
    let mapping: Mapping = "date=A,time=B,steps=C".parse().unwrap();
    let read = days(table.as_bytes(), &mapping);
    assert_eq!((read[0].samples[0].time.unwrap().to_string(), read[0].samples[0].value.as_str()), ("19:12:00".to_owned(), "12345"));
    let missing: Mapping = "date=A,steps=Z".parse().unwrap();
    assert!(measurements::read(table.as_bytes(), &missing).is_err());
}

#[test]
fn a_column_of_my_numbers_is_never_taken_in() {
    let table = "日付,個人番号,体重(kg)\n2026-05-03,1234 5678 9018,62.5\n";
    let mapping = measurements::propose(table.as_bytes()).unwrap().mapping;
    assert!(matches!(measurements::read(table.as_bytes(), &mapping), Err(FormatError::MyNumber { .. })));
}

#[test]
fn records_of_health_connect_are_read_tolerantly_and_other_json_is_refused() {
    let json = r#"{"records":[
        {"recordType":"StepsRecord","startTime":"2026-05-02T22:00:00Z","endTime":"2026-05-02T22:10:00Z","startZoneOffset":"+09:00","endZoneOffset":"+09:00","count":900,"metadata":{"dataOrigin":{"packageName":"jp.example"}}},
        {"recordType":"Weight","time":"2026-05-03T06:30:00+09:00","weight":{"inKilograms":62.50}},
        {"recordType":"HeartRateRecord","startTime":"2026-05-03T07:00:00+09:00","endTime":"2026-05-03T07:01:00+09:00","samples":[{"time":"2026-05-03T07:00:10+09:00","beatsPerMinute":61},{"time":"2026-05-03T07:00:20+09:00","beatsPerMinute":63}]},
        {"recordType":"BloodGlucose","time":"2026-05-03T07:00:00+09:00","level":{"inMillimolesPerLiter":5.5}},
        {"recordType":"Nutrition","startTime":"2026-05-03T07:00:00+09:00"},
        {"recordType":"Weight","time":"2026-05-03","weight":{"inKilograms":62}}]}"#;
    assert_eq!(detect(json.as_bytes()), Detected::Document(FormatId::HealthConnect));
    let reading = health_connect::read(json.as_bytes()).unwrap();
    let values: Vec<_> = reading
        .days
        .iter()
        .map(|day| (day.quantity.clone(), day.day.to_string(), day.samples[0].value.as_str().to_owned(), day.samples.len()))
        .collect();
    let expected = [
        ("steps", "2026-05-03", "900", 1),
        ("body-weight", "2026-05-03", "62.50", 1),
        ("heart-rate", "2026-05-03", "61", 2),
        ("glucose", "2026-05-03", "99.1", 1),
    ];
    assert_eq!(values, expected.map(|(quantity, day, value, count)| (quantity.to_owned(), day.to_owned(), value.to_owned(), count)));
    assert_eq!(reading.refused.iter().map(|refusal| refusal.place.as_str()).collect::<Vec<_>>(), ["records[6]"]);
    assert_eq!(health_connect::read(b"{\"a\":1}").unwrap_err(), FormatError::NotRead(Unread::OtherJson));
}
